package dev.fanfare.dialect.flowtoy;

import dev.fanfare.definition.Template;
import dev.fanfare.definition.Timeouts;
import dev.fanfare.definition.Work;
import java.util.Map;

/** What a step does, with what belongs to it. */
record Made(Work work, Map<String, Template> env, Timeouts timeouts) {

  static Made of(Work work) {
    return new Made(work, Map.of(), Timeouts.NONE);
  }
}
