/** Fanfare. */
package dev.fanfare;
