/**
 * From the bytes of a file to a definition.
 *
 * <p>{@link dev.fanfare.dialect.Dialects} reads the YAML once, chooses the dialect by name or by
 * what the file looks like, and hands over the tree. Each dialect is one sibling package with one
 * public class; none knows another, and {@code Dialects} is the only place that names them.
 *
 * <p>A foreign file may mean something else on another branch: importers get what the run brings
 * through {@link dev.fanfare.dialect.ImportInputs}, which remembers what was asked for. What
 * becomes of each of their keys is the business of {@code dialect.key}.
 *
 * <p>Failure handling: whatever a person can type ends in diagnostics with line and column, all of
 * the file's at once. A workflow is present exactly when none of them is an error.
 *
 * <p>May see: {@code definition}, {@code expression}, {@code form}.
 */
@NullMarked
package dev.fanfare.dialect;

import org.jspecify.annotations.NullMarked;
