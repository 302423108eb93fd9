package dev.fanfare.expression;

import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.CelIssue;
import dev.cel.common.CelOptions;
import dev.cel.common.CelSource;
import dev.cel.common.CelValidationException;
import dev.cel.common.CelValidationResult;
import dev.cel.extensions.CelExtensions;
import dev.cel.parser.CelParser;
import dev.cel.parser.CelParserFactory;
import dev.cel.parser.CelStandardMacro;

/**
 * Reads the text of an expression with CEL's own grammar and macros.
 *
 * <p>Loading this class loads {@code dev.cel}; nothing but an expression does.
 */
final class CelReader {

  private static final int DEEPEST_BRACKETS = 250;

  private static final CelParser PARSER =
      CelParserFactory.standardCelParserBuilder()
          .setOptions(
              CelOptions.current()
                  .enableOptionalSyntax(true)
                  .enableHiddenAccumulatorVar(true)
                  .enableQuotedIdentifierSyntax(true)
                  .populateMacroCalls(false)
                  .maxParseRecursionDepth(DEEPEST_BRACKETS)
                  .maxExpressionCodePointSize(Programs.LONGEST_SOURCE)
                  .build())
          .setStandardMacros(CelStandardMacro.STANDARD_MACROS)
          .addLibraries(CelExtensions.lists(2), CelExtensions.bindings())
          .build();

  private CelReader() {}

  /** The tree of a source text, or why it has none; never throws. */
  static Compiled read(String source) {
    if (source.isBlank()) {
      return Compiled.unreadable(
          source,
          new Compiled.Problem(
              "expression-syntax", "there is no expression between the braces", 0, ""));
    }
    try {
      CelValidationResult result = PARSER.parse(source);
      if (!result.hasError()) {
        CelAbstractSyntaxTree tree = result.getAst();
        return Compiled.of(source, new TreeBuilder(tree.getSource()).build(tree.getExpr()));
      }
      return Compiled.unreadable(source, problem(source, result));
    } catch (TreeBuilder.NotSupported e) {
      return Compiled.unreadable(source, e.problem());
    } catch (StackOverflowError e) {
      return Compiled.unreadable(source, TreeBuilder.tooDeep(0));
    } catch (CelValidationException | RuntimeException e) {
      return Compiled.unreadable(source, SyntaxProblems.of(source, 0, "it cannot be read as CEL"));
    }
  }

  private static Compiled.Problem problem(String source, CelValidationResult result) {
    CelIssue first = result.getErrors().getFirst();
    CelSource text = result.getSource();
    int at =
        first.getSourceLocation().getLine() < 1
            ? 0
            : text.getLocationOffset(first.getSourceLocation()).orElse(0);
    return SyntaxProblems.of(source, at, first.getMessage());
  }
}
