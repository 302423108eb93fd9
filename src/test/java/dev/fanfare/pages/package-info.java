/**
 * The pages of the documentation are true: their workflows run, their links lead somewhere, and
 * what they show of the code is what the code says.
 */
@NullMarked
package dev.fanfare.pages;

import org.jspecify.annotations.NullMarked;
