/**
 * The files of a run: what a step finds in its folder, and what becomes of what it leaves there.
 *
 * <p>{@link dev.fanfare.work.files.Workspaces} gives each attempt a folder. In a shared workspace
 * that is the one folder of the run. In a layered one it is a folder of the attempt's own, put
 * together from the layers of the steps upstream; what the attempt changes in it becomes a layer of
 * its own, named by step and attempt, and the folder goes.
 *
 * <p>Layers are kept behind {@link dev.fanfare.work.files.LayerStore}; {@code FolderLayers} keeps
 * them in folders that last, {@code BlobLayers} in a bucket: {@code Packs} puts small files
 * together and {@code Unpacking} takes them apart with few requests. {@code Composition} merges the
 * lists of several layers, {@code Changes} finds what an attempt did to its folder, {@code Names}
 * writes names of files as text that is exact for any bytes.
 *
 * <p>Invariants: a layer is complete or not there, and never changes once it is there; which layers
 * count is decided by who asks, so the layer of an attempt whose report was refused is never seen;
 * a step works on copies, so nothing it does to a file reaches a layer of another step; nothing is
 * followed out of the folder: links are kept as links, and only those that stay inside.
 *
 * <p>Failure handling: two steps that wrote the same file, a workspace that is too large and a link
 * that leads out are failures of the step, each with the file and the remedy. Whatever else the
 * file system says is one with the code {@code workspace}.
 *
 * <p>May see: {@code work}, {@code work.log}, {@code blob}, {@code definition}, {@code java},
 * Mutiny.
 */
@NullMarked
package dev.fanfare.work.files;

import org.jspecify.annotations.NullMarked;
