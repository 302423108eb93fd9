package dev.fanfare.definition;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A value as a person wrote it, possibly with {@code ${{ ... }}} in it.
 *
 * <p>An expression alone keeps its type; inside text it is rendered.
 */
public sealed interface Template {

  SourceSpan span();

  /**
   * A scalar without any expression: {@code String}, {@code Long}, {@code Double}, {@code Boolean}
   * or null.
   */
  record Literal(@Nullable Object value, SourceSpan span) implements Template {}

  /** One expression and nothing around it. */
  record Expression(Expr expr) implements Template {
    @Override
    public SourceSpan span() {
      return expr.span();
    }
  }

  /**
   * Text with expressions in it: each part is a {@link Literal} string or an {@link Expression}.
   */
  record Text(List<Template> parts, SourceSpan span) implements Template {
    public Text {
      parts = List.copyOf(parts);
    }
  }

  /** A list, each element a template. */
  record Items(List<Template> items, SourceSpan span) implements Template {
    public Items {
      items = List.copyOf(items);
    }
  }

  /** A mapping in written order, each value a template; keys are literal. */
  record Entries(Map<String, Template> entries, SourceSpan span) implements Template {
    public Entries {
      entries = Ordered.copyOf(entries);
    }
  }

  static Template literal(@Nullable Object value) {
    return new Literal(value, SourceSpan.NONE);
  }
}
