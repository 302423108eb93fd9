package dev.fanfare.dialect.circleci;

import dev.fanfare.dialect.Problems;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Warns of jobs that attach a workspace to which no job in front of them adds. */
final class Sharing {
  private final Problems problems;
  private final Map<Invocation, Job> jobs = new LinkedHashMap<>();
  private final Map<Invocation, Set<Invocation>> needs = new HashMap<>();

  Sharing(Problems problems) {
    this.problems = problems;
  }

  void place(Invocation invocation, Set<Invocation> required) {
    needs.put(invocation, required);
  }

  void job(Invocation invocation, Job job) {
    jobs.put(invocation, job);
  }

  void check() {
    Set<Invocation> fed = fed();
    jobs.forEach(
        (invocation, job) -> {
          if (job.attaches() && !fed.contains(invocation)) {
            problems.warning(
                "workspace-empty",
                "'"
                    + invocation.name()
                    + "' attaches the workspace, and no job that it requires"
                    + " persists anything",
                invocation.span(),
                "a job sees what the jobs in front of it persisted: name them under requires");
          }
        });
  }

  /** Those with somebody in front of them who persists, or may: found from the front, once each. */
  private Set<Invocation> fed() {
    Map<Invocation, List<Invocation>> dependants = new HashMap<>();
    needs.forEach(
        (each, required) ->
            required.forEach(
                on -> dependants.computeIfAbsent(on, any -> new ArrayList<>()).add(each)));
    List<Invocation> open = new ArrayList<>();
    for (Invocation each : needs.keySet()) {
      Job job = jobs.get(each);
      if (job == null || job.persists()) {
        open.addAll(dependants.getOrDefault(each, List.of()));
      }
    }
    Set<Invocation> fed = new HashSet<>();
    while (!open.isEmpty()) {
      Invocation next = open.removeLast();
      if (fed.add(next)) {
        open.addAll(dependants.getOrDefault(next, List.of()));
      }
    }
    return fed;
  }
}
