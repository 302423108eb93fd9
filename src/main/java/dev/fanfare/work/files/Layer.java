package dev.fanfare.work.files;

/** A layer that is there. */
record Layer(LayerName name, Manifest manifest) {}
