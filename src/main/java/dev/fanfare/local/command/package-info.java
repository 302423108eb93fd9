/**
 * The commands of {@code scripts/fanfare}, one class each: they read the command line, call, and
 * print.
 *
 * <p>{@code plan} and the help start nothing. {@code run}, {@code serve} and {@code bench} start
 * the application in this process; the others speak HTTP to a server. A command ends with the exit
 * codes of {@link dev.fanfare.local.ExitCode}, and every failure is one sentence.
 */
@NullMarked
package dev.fanfare.local.command;

import org.jspecify.annotations.NullMarked;
