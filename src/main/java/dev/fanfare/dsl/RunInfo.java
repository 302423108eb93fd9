package dev.fanfare.dsl;

import java.util.UUID;

/**
 * The run that a step belongs to.
 *
 * @param workflow the name of its workflow
 * @param attempt counts reruns, from 1
 */
public record RunInfo(UUID id, String workflow, int attempt) {}
