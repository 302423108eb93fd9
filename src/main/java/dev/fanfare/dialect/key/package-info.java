/**
 * Keys of foreign dialects: what becomes of each, written down once, and the account that no key of
 * a file goes without a word.
 *
 * <p>An importer writes a {@link dev.fanfare.dialect.key.KeyTable}: every key that the system's
 * documentation has, by section, with what becomes of it. It reads a file through {@link
 * dev.fanfare.dialect.key.Section}s, which note each key in the {@link
 * dev.fanfare.dialect.key.Ledger}. A section that is closed reports what was not read, by the
 * table: a key that is not honoured with what follows, one that says nothing in its place, one that
 * the dialect does not have. When the file is done the ledger is closed, and what nobody looked at
 * is an error. So {@code plan} can show what became of every key, and {@code docs/dialects.md} is
 * made from the same tables.
 *
 * <p>Failure handling: everything a person wrote ends in diagnostics. A key that an importer reads
 * and its table does not have is a fault of the importer and throws.
 *
 * <p>May see: {@code definition}, {@code dialect.yaml} and what {@code dialect} shares.
 */
@NullMarked
package dev.fanfare.dialect.key;

import org.jspecify.annotations.NullMarked;
