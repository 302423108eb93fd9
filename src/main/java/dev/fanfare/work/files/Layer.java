package dev.fanfare.work.files;

/**
 * A layer that is there.
 *
 * @param content where its store has what is in its files, in the store's own words
 */
record Layer(LayerName name, Manifest manifest, String content) {}
