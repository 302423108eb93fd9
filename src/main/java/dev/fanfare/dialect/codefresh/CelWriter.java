package dev.fanfare.dialect.codefresh;

import dev.fanfare.definition.StepStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Writes an understood condition as CEL. */
final class CelWriter {

  private final Variables variables;
  private final Place place;

  CelWriter(Variables variables, Place place) {
    this.variables = variables;
    this.place = place;
  }

  Cel write(Ast ast) throws ConditionException {
    return switch (ast) {
      case Ast.Constant constant -> constant(constant);
      case Ast.Quoted quoted -> quoted(quoted);
      case Ast.Bare bare -> bare(bare);
      case Ast.Member member -> member(member);
      case Ast.Unary unary -> unary(unary);
      case Ast.Binary binary -> binary(binary);
      case Ast.Call call -> new CelFunctions(this, variables, place).write(call);
    };
  }

  private static Cel constant(Ast.Constant constant) {
    return switch (constant.value()) {
      case null -> Cel.any("null");
      case Boolean bool -> Cel.bool(bool.toString());
      case Double number -> Cel.number(number(number));
      default -> throw new IllegalStateException("no constant: " + constant);
    };
  }

  private static String number(double value) {
    return value == Math.rint(value) && Math.abs(value) < 1e15
        ? (long) value + ".0"
        : Double.toString(value);
  }

  private Cel quoted(Ast.Quoted quoted) {
    List<String> parts = new ArrayList<>();
    for (Ast.Piece piece : quoted.pieces()) {
      parts.add(piece.isVariable() ? variables.text(piece.text(), place) : Cel.quote(piece.text()));
    }
    return Cel.text(parts.isEmpty() ? "\"\"" : String.join(" + ", parts));
  }

  /** The text of a variable counts as a part of the condition: 3 is a number, true is true. */
  private Cel bare(Ast.Bare bare) throws ConditionException {
    Optional<String> fixed = variables.fixed(bare.name(), place);
    if (fixed.isPresent() && fixed.get().matches("true|false|-?[0-9]+(\\.[0-9]+)?|null")) {
      return Cel.any(fixed.get());
    }
    return Cel.any(
        "cel.bind(v, "
            + variables.text(bare.name(), place)
            + ", v == \"true\" ? true : v == \"false\" ? false : v == \"null\" ? null :"
            + " v.matches(\"^-?[0-9]+([.][0-9]+)?$\") ? double(v) : v)");
  }

  private Cel member(Ast.Member member) throws ConditionException {
    if (member.step().isEmpty()) {
      return switch (member.field()) {
        case "result", "status" -> Cel.text(variables.steps().workflowResult(place));
        case "name" -> Cel.text("workflow.name");
        default -> throw noMember(member, "the workflow has a result and a name");
      };
    }
    return variables
        .steps()
        .member(member.step(), member.field(), place)
        .orElseThrow(
            () ->
                noMember(
                    member,
                    "a step has result, name, type, title, description, workingDirectory, imageId"
                        + " and what it exports"));
  }

  private static ConditionException noMember(Ast.Member member, String hint) {
    return new ConditionException(member.at(), "there is no member '" + member.field() + "'", hint);
  }

  private Cel unary(Ast.Unary unary) throws ConditionException {
    Cel operand = write(unary.operand());
    return unary.operator().equals("!")
        ? Cel.bool("!" + operand.truth())
        : Cel.number("-" + operand.asNumber());
  }

  private Cel binary(Ast.Binary binary) throws ConditionException {
    return switch (binary.operator()) {
      case "&&", "||" -> logical(binary);
      case "==", "!=" -> equality(binary);
      case "<", "<=", ">", ">=" -> comparison(binary);
      case "+" -> plus(write(binary.left()), write(binary.right()));
      case "%" ->
          Cel.number(
              "cel.bind(a, "
                  + write(binary.left()).asNumber()
                  + ", cel.bind(b, "
                  + write(binary.right()).asNumber()
                  + ", a - b * math.trunc(a / b)))");
      default ->
          Cel.number(
              write(binary.left()).asNumber()
                  + " "
                  + binary.operator()
                  + " "
                  + write(binary.right()).asNumber());
    };
  }

  /** Long chains become one flat expression. */
  private Cel logical(Ast.Binary binary) throws ConditionException {
    List<Ast> operands = new ArrayList<>();
    Ast at = binary;
    while (at instanceof Ast.Binary same && same.operator().equals(binary.operator())) {
      operands.addFirst(same.right());
      at = same.left();
    }
    operands.addFirst(at);
    List<String> written = new ArrayList<>();
    for (Ast operand : operands) {
      written.add(write(operand).truth());
    }
    return Cel.bool(written.stream().collect(Collectors.joining(" " + binary.operator() + " ")));
  }

  private Cel equality(Ast.Binary binary) throws ConditionException {
    boolean not = binary.operator().equals("!=");
    Optional<String> test =
        resultTest(binary.left(), binary.right())
            .or(() -> resultTest(binary.right(), binary.left()));
    String equal =
        test.isPresent()
            ? test.get()
            : write(binary.left()).source() + " == " + write(binary.right()).source();
    return Cel.bool(not ? "!(" + equal + ")" : equal);
  }

  /** The result of a step against a word: {@code error} and {@code failure} are the same word. */
  private Optional<String> resultTest(Ast one, Ast other) {
    String word = Ast.plain(other);
    if (word == null
        || !(one instanceof Ast.Member member)
        || member.step().isEmpty()
        || !List.of("result", "status").contains(member.field())) {
      return Optional.empty();
    }
    // "finished" is for lists of steps only: no result is ever that word.
    List<StepStatus> wanted =
        word.equals("finished") ? List.of() : Results.of(word).orElse(List.of());
    return variables
        .steps()
        .status(member.step(), place)
        .map(status -> Results.test(status, wanted));
  }

  private Cel comparison(Ast.Binary binary) throws ConditionException {
    Cel left = write(binary.left());
    Cel right = write(binary.right());
    boolean texts = left.kind() == Cel.Kind.TEXT && right.kind() == Cel.Kind.TEXT;
    boolean numbers = left.kind() == Cel.Kind.NUMBER || right.kind() == Cel.Kind.NUMBER;
    if (texts || !numbers) {
      return Cel.bool(left.source() + " " + binary.operator() + " " + right.source());
    }
    return Cel.bool(left.asNumber() + " " + binary.operator() + " " + right.asNumber());
  }

  private static Cel plus(Cel left, Cel right) {
    if (left.kind() == Cel.Kind.TEXT || right.kind() == Cel.Kind.TEXT) {
      return Cel.text(left.asText() + " + " + right.asText());
    }
    if (left.kind() == Cel.Kind.ANY || right.kind() == Cel.Kind.ANY) {
      return Cel.any(
          "cel.bind(x, "
              + left.source()
              + ", cel.bind(y, "
              + right.source()
              + ", type(x) == string || type(y) == string ? "
              + Cel.any("x").asText()
              + " + "
              + Cel.any("y").asText()
              + " : "
              + Cel.any("x").asNumber()
              + " + "
              + Cel.any("y").asNumber()
              + "))");
    }
    return Cel.number(left.asNumber() + " + " + right.asNumber());
  }
}
