/**
 * Dagu's files, in both ways their keys have been written.
 *
 * <p>{@link dev.fanfare.dialect.dagu.DaguDialect} chooses the document and the age of the file. A
 * document is read in two passes: {@code Outline} finds its steps and who depends on whom, then
 * {@code StepWriter} turns each into steps of a workflow, since a step sees the output variables of
 * all that is upstream of it. {@code Texts} reads what stands in a text, {@code Scope} knows what
 * each name means at a place. A value reaches a script as an environment variable wherever the
 * shell can expand it, and else by replacement of the text.
 *
 * <p>Failure handling: whatever a person wrote ends in diagnostics. What Dagu does and this
 * importer cannot is in {@code DaguKeys}, with what follows from it.
 *
 * <p>May see: {@code definition}, {@code expression}, {@code dialect} and what is shared in it. No
 * other dialect.
 */
@NullMarked
package dev.fanfare.dialect.dagu;

import org.jspecify.annotations.NullMarked;
