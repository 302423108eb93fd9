/**
 * What tests share: one PostgreSQL for everything that is tested on this checkout, and new
 * databases in it.
 */
@NullMarked
package dev.fanfare.testing;

import org.jspecify.annotations.NullMarked;
