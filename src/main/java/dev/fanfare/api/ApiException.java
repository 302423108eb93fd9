package dev.fanfare.api;

import dev.fanfare.definition.Diagnostic;
import java.util.List;

/** A request that is answered with a problem. */
final class ApiException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private static final int TOO_LARGE = 413;

  private final transient Problem problem;

  private ApiException(Problem problem) {
    super(problem.detail(), null, false, false);
    this.problem = problem;
  }

  Problem problem() {
    return problem;
  }

  /** The request makes no sense. */
  static ApiException badRequest(String detail) {
    return new ApiException(Problem.of(400, detail));
  }

  static ApiException notFound(String detail) {
    return new ApiException(Problem.of(404, detail));
  }

  static ApiException unauthorized(String detail) {
    return new ApiException(Problem.of(401, detail));
  }

  static ApiException unavailable(String detail) {
    return new ApiException(Problem.of(503, detail));
  }

  static ApiException conflict(String detail) {
    return new ApiException(Problem.of(409, detail));
  }

  /** What there was is over. */
  static ApiException gone(String detail) {
    return new ApiException(Problem.of(410, detail));
  }

  static ApiException tooLarge(String detail) {
    return new ApiException(Problem.of(TOO_LARGE, detail));
  }

  /** The request makes sense, what it brings does not. */
  static ApiException unprocessable(String detail, List<Problem.Finding> findings) {
    return new ApiException(Problem.of(Problem.UNPROCESSABLE, detail, findings));
  }

  /** The request makes sense, the workflow or its parameters do not. */
  static ApiException refused(String what, List<Diagnostic> diagnostics) {
    List<Diagnostic> errors = diagnostics.stream().filter(Diagnostic::isError).toList();
    String first = errors.isEmpty() ? "" : ": " + sentence(errors.getFirst());
    String more = errors.size() > 1 ? " (and " + (errors.size() - 1) + " more, see errors)" : "";
    return new ApiException(
        Problem.of(
            Problem.UNPROCESSABLE,
            what + first + more + "; nothing was stored",
            Problem.Finding.all(diagnostics)));
  }

  private static String sentence(Diagnostic diagnostic) {
    return diagnostic.span().line() == 0
        ? diagnostic.message()
        : "line " + diagnostic.span() + ": " + diagnostic.message();
  }
}
