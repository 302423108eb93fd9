/**
 * What {@code plan} shows: the compiled graph as text, JSON or Mermaid, and every diagnostic.
 *
 * <p>A plan is made without a database and without the application: reading, checking and compiling
 * are pure. {@code run} makes the same plan before it starts anything, so a file that is wrong is
 * refused in the time it takes to read it.
 */
@NullMarked
package dev.fanfare.local.plan;

import org.jspecify.annotations.NullMarked;
