/**
 * What a terminal shows: diagnostics with the line they are about, the progress of a run, and its
 * summary. Everything here turns values into text and decides nothing.
 *
 * <p>Text that comes from a workflow or its steps is shown with control characters replaced, so a
 * step's name or message cannot move the cursor or change colours.
 */
@NullMarked
package dev.fanfare.local.view;

import org.jspecify.annotations.NullMarked;
