package dev.fanfare.local.command;

import dev.fanfare.local.FanfareHome;
import dev.fanfare.local.Interruption;
import dev.fanfare.local.view.Console;

/** What every command works with. */
record Context(Console console, FanfareHome home, Interruption interruption) {}
