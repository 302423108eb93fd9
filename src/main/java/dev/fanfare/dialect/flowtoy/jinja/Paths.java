package dev.fanfare.dialect.flowtoy.jinja;

import dev.fanfare.dialect.flowtoy.jinja.Cel.Kind;
import dev.fanfare.dialect.flowtoy.jinja.Node.Expression;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/** Values that are read along a path: {@code flows.users.list[0].name}. */
final class Paths {

  private final Names names;
  private final Writer writer;

  Paths(Names names, Writer writer) {
    this.names = names;
    this.writer = writer;
  }

  /**
   * A path, taken apart.
   *
   * @param root where it begins: a name or any other expression
   * @param members what follows, {@link Node.Attribute}s and {@link Node.Item}s
   */
  private record Chain(Expression root, List<Expression> members) {}

  private static Chain chain(Expression node) {
    Deque<Expression> members = new ArrayDeque<>();
    Expression at = node;
    while (true) {
      switch (at) {
        case Node.Attribute attribute -> {
          members.addFirst(attribute);
          at = attribute.target();
        }
        case Node.Item item -> {
          members.addFirst(item);
          at = item.target();
        }
        default -> {
          return new Chain(at, List.copyOf(members));
        }
      }
    }
  }

  Cel value(Expression node, Scope scope) {
    Chain chain = chain(node);
    Optional<Names.Reading> reading = reading(chain, scope);
    reading
        .filter(read -> !read.complaint().isEmpty())
        .ifPresent(read -> names.warn(read.complaint(), chain.root().at()));
    Cel value = reading.map(Names.Reading::value).orElseGet(() -> start(chain.root(), scope));
    int used = reading.map(read -> read.used() - 1).orElse(0);
    for (Expression member : chain.members().subList(used, chain.members().size())) {
      if (value.is(Kind.SECRET)) {
        throw new Untranslatable(
            member.at(),
            "template-secret",
            "the value of an environment variable is a text and has no members",
            "");
      }
      value = step(value, member, scope);
    }
    return value;
  }

  boolean isSecret(Expression node, Scope scope) {
    return reading(chain(node), scope).filter(read -> read.value().is(Kind.SECRET)).isPresent();
  }

  String optional(Expression node, Scope scope) {
    Chain chain = chain(node);
    Optional<Names.Reading> reading = reading(chain, scope);
    int used = reading.map(read -> read.used() - 1).orElse(0);
    boolean bare = chain.members().isEmpty();
    String text =
        reading
            .map(Names.Reading::optional)
            .orElseGet(
                () -> {
                  String root = start(chain.root(), scope).text();
                  return bare ? "optional.of(" + root + ")" : root;
                });
    for (Expression member : chain.members().subList(used, chain.members().size())) {
      text = optionalStep(text, member, scope);
    }
    return text;
  }

  private Cel start(Expression root, Scope scope) {
    if (root instanceof Node.Name name) {
      return scope.find(name.name()).orElseThrow();
    }
    return writer.plain(root, scope);
  }

  /** What the path's name stands for, unless the template made it itself. */
  private Optional<Names.Reading> reading(Chain chain, Scope scope) {
    if (!(chain.root() instanceof Node.Name name) || scope.find(name.name()).isPresent()) {
      return Optional.empty();
    }
    List<String> path = new ArrayList<>(List.of(name.name()));
    for (Expression member : chain.members()) {
      Optional<String> word = word(member);
      if (word.isEmpty()) {
        break;
      }
      path.add(word.get());
    }
    return Optional.of(names.read(path, name.at()));
  }

  private static Optional<String> word(Expression member) {
    if (member instanceof Node.Attribute attribute) {
      return Optional.of(attribute.name());
    }
    return member instanceof Node.Item item
            && item.key() instanceof Node.Constant constant
            && constant.value() instanceof String text
        ? Optional.of(text)
        : Optional.empty();
  }

  private Cel step(Cel base, Expression member, Scope scope) {
    Optional<String> word = word(member);
    if (word.isPresent()) {
      return Cel.any(Cel.member(base.text(), word.get()));
    }
    Expression key = ((Node.Item) member).key();
    if (key instanceof Node.Unary minus
        && minus.operator().equals("-")
        && minus.operand() instanceof Node.Constant constant
        && constant.value() instanceof Long back) {
      return writer.bound(base, Kind.ANY, t -> t + "[size(" + t + ") - " + back + "]");
    }
    return Cel.any(base.text() + "[" + writer.plain(key, scope).text() + "]");
  }

  private String optionalStep(String base, Expression member, Scope scope) {
    Optional<String> word = word(member);
    return word.isPresent()
        ? Cel.optional(base, word.get())
        : base + "[?" + writer.plain(((Node.Item) member).key(), scope).text() + "]";
  }
}
