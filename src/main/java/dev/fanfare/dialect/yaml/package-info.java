/**
 * The only reader of YAML: bytes to a tree of nodes that know where they were written.
 *
 * <p>Files come from strangers, so everything is bounded: {@link
 * dev.fanfare.dialect.yaml.YamlReader} refuses what is too big, too deep, too repetitive (aliases
 * are counted as what they expand to) or not text, and it walks the library's event stream itself,
 * which keeps the stack flat. The schema is the core schema of YAML 1.2: {@code on} and {@code yes}
 * are text. Merge keys are honoured, duplicate keys are refused.
 *
 * <p>Failure handling: whatever is wrong with a file is a {@link dev.fanfare.definition.Diagnostic}
 * with line and column. No exception of the library leaves this package.
 *
 * <p>May see: {@code definition} and the YAML library, which nobody else sees.
 */
@NullMarked
package dev.fanfare.dialect.yaml;

import org.jspecify.annotations.NullMarked;
