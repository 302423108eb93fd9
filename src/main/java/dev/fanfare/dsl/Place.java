package dev.fanfare.dsl;

import java.nio.file.Path;
import java.util.UUID;
import java.util.function.Consumer;

/**
 * The attempt that a function is called in.
 *
 * @param step the path of the step
 */
public record Place(
    UUID run,
    String step,
    int attempt,
    String idempotencyKey,
    Path workspace,
    Consumer<String> log) {}
