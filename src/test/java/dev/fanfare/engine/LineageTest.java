package dev.fanfare.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fanfare.definition.ErrorInfo;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class LineageTest {

  private static Lineage lineage(Play play, String step) {
    return Lineage.of(play.graph, play.state, step);
  }

  private static List<String> upstream(Play play, String step) {
    return lineage(play, step).ancestors().stream()
        .map(each -> each.step() + " " + each.attempt())
        .toList();
  }

  @Test
  void a_step_sees_what_it_needs_and_what_that_needed() {
    Play play =
        Play.of(
            """
            steps:
              c: { needs: b, call: w }
              b: { needs: a, call: w }
              a: { call: w }
              other: { call: w }
            """);
    play.succeed("a", "other");
    assertEquals(List.of(), upstream(play, "a"));
    assertEquals(List.of("a 1"), upstream(play, "b"));
    play.succeed("b");
    assertEquals(List.of("a 1", "b 1"), upstream(play, "c"));
  }

  @Test
  void a_step_that_a_condition_released_sees_what_that_read_and_had_ended() {
    Play play =
        Play.of(
            """
            steps:
              a: { needs: before, call: w }
              before: { call: w }
              b: { call: w }
              c: { call: w }
              x:
                join: when
                when: "${{ steps.a.status == 'failed' || steps.b.status == 'failed' || steps.c.status == 'failed' }}"
                call: w
              y: { needs: x, call: w }
            """);
    play.succeed("c", "before").fail("a").succeed("b");
    assertEquals(List.of("before 1", "c 1", "a 1"), upstream(play, "x"));
    assertTrue(lineage(play, "x").isBefore("before", "a"));
    play.succeed("x");
    assertEquals(List.of("before 1", "c 1", "a 1", "x 1"), upstream(play, "y"));
    assertEquals(Optional.empty(), Lineage.sharedBy(play.graph, play.state, "x"));
  }

  @Test
  void work_that_writes_no_files_is_only_passed_through() {
    Play play =
        Play.of(
            """
            steps:
              a: { run: echo }
              join: { needs: a, pass: {} }
              ask: { needs: join, http: { url: 'http://localhost/' } }
              b: { needs: ask, run: echo }
            """);
    play.succeed("a", "ask");
    assertEquals(List.of("a 1"), upstream(play, "b"));
    play.succeed("b");
  }

  @Test
  void a_step_in_a_group_sees_what_is_upstream_of_the_group() {
    Play play =
        Play.of(
            """
            steps:
              a: { call: w }
              g:
                needs: a
                sequence:
                  steps:
                    first: { call: w }
                    inner: { parallel: { steps: { x: { call: w }, y: { call: w } } } }
                    last: { call: w }
              z: { needs: g, call: w }
            """);
    play.succeed("a", "g.first");
    assertEquals(List.of("a 1", "g.first 1"), upstream(play, "g.inner.x"));
    play.succeed("g.inner.x");
    assertEquals(List.of("a 1", "g.first 1"), upstream(play, "g.inner.y"));
    play.succeed("g.inner.y");
    assertEquals(
        List.of("a 1", "g.first 1", "g.inner.x 1", "g.inner.y 1"), upstream(play, "g.last"));
    play.succeed("g.last");
    Lineage all = lineage(play, "z");
    assertEquals(5, all.ancestors().size());
    assertTrue(all.isBefore("a", "g.last"));
    assertTrue(all.isBefore("g.inner.x", "g.last"));
    assertFalse(all.isBefore("g.last", "g.inner.x"));
    assertFalse(all.isBefore("g.inner.x", "g.inner.y"));
    assertFalse(all.isBefore("g.inner.y", "g.inner.x"));
    assertFalse(all.isBefore("a", "a"));
  }

  @Test
  void instances_do_not_see_each_other_and_who_needs_them_sees_all() {
    Play play =
        Play.of(
            """
            steps:
              a: { call: w }
              u: { needs: a, forEach: [p, q], key: "${{ item }}", call: w }
              m: { needs: a, matrix: { os: [linux, mac] }, call: w }
              z: { needs: [u, m], call: w }
            """);
    play.succeed("a", "u[p]");
    assertEquals(List.of("a 1"), upstream(play, "u[q]"));
    play.succeed("u[q]", "m[linux]", "m[mac]");
    Lineage all = lineage(play, "z");
    assertEquals(List.of("a 1", "u[p] 1", "u[q] 1", "m[linux] 1", "m[mac] 1"), upstream(play, "z"));
    assertFalse(all.isBefore("u[p]", "u[q]"));
    assertFalse(all.isBefore("u[p]", "m[mac]"));
    assertTrue(all.isBefore("a", "u[q]"));
  }

  @Test
  void steps_inside_the_instances_of_a_fan_see_those_of_their_own_instance() {
    Play play =
        Play.of(
            """
            steps:
              u:
                forEach: [1, 2]
                sequence: { steps: { one: { call: w }, two: { call: w } } }
              z: { needs: u, call: w }
            """);
    play.succeed("u[0].one", "u[1].one");
    assertEquals(List.of("u[0].one 1"), upstream(play, "u[0].two"));
    assertEquals(List.of("u[1].one 1"), upstream(play, "u[1].two"));
    play.succeed("u[0].two", "u[1].two");
    Lineage all = lineage(play, "z");
    assertTrue(all.isBefore("u[0].one", "u[0].two"));
    assertFalse(all.isBefore("u[0].one", "u[1].two"));
  }

  @Test
  void of_a_race_only_the_winner_counts() {
    Play play =
        Play.of(
            """
            steps:
              r:
                race:
                  losers: finish
                  steps:
                    a: { sequence: { steps: { a1: { call: w }, a2: { call: w } } } }
                    b: { call: w }
              z: { needs: r, call: w }
            """);
    play.begin("r.b").succeed("r.a.a1", "r.a.a2");
    assertEquals(List.of("r.a.a1 1", "r.a.a2 1"), upstream(play, "z"));
    play.succeed("r.b");
    assertEquals(List.of("r.a.a1 1", "r.a.a2 1"), upstream(play, "z"));
  }

  @Test
  void of_a_quorum_every_winner_counts() {
    Play play =
        Play.of(
            """
            steps:
              r:
                race:
                  win: { quorum: 2 }
                  steps: { a: { call: w }, b: { call: w }, c: { call: w } }
              z: { needs: r, call: w }
            """);
    play.succeed("r.c", "r.a");
    assertEquals(List.of("r.a 1", "r.c 1"), upstream(play, "z"));
  }

  @Test
  void the_attempt_that_counts_is_the_last_one() {
    Play play =
        Play.of(
            """
            steps:
              a: { call: w, retry: 3 }
              z: { needs: { step: a, on: finished }, call: w }
            """);
    play.fail("a");
    play.begin("a");
    assertEquals(Verdict.ACCEPTED, play.event(new Event.Lost("a", 2)));
    play.succeed("a");
    assertEquals(List.of("a 3"), upstream(play, "z"));
  }

  @Test
  void a_step_that_failed_by_itself_counts_for_those_who_go_on() {
    Play play =
        Play.of(
            """
            steps:
              a: { call: w, retry: 2 }
              b: { call: w, onFailure: { tolerate: true, status: skipped }, onSkip: satisfy }
              c: { call: w, when: "${{ 1 > 2 }}", onSkip: satisfy }
              z: { needs: [{ step: a, on: finished }, b, c], call: w }
            """);
    play.fail("a", "b");
    play.fail("a");
    assertEquals(List.of("a 2", "b 1"), upstream(play, "z"));
  }

  @Test
  void a_step_whose_worker_vanished_too_often_leaves_nothing() {
    Play play =
        Play.of(
            """
            steps:
              a: { call: w }
              z: { needs: { step: a, on: finished }, call: w }
            """);
    for (int attempt = 1; !play.status("a").isTerminal(); attempt++) {
      play.begin("a");
      assertEquals(Verdict.ACCEPTED, play.event(new Event.Lost("a", attempt)));
    }
    assertEquals("worker_lost", play.error("a"));
    assertEquals(List.of(), upstream(play, "z"));
  }

  @Test
  void a_need_that_is_met_while_its_step_runs_brings_no_files() {
    Play play =
        Play.of(
            """
            steps:
              a: { call: w }
              server: { needs: a, call: w }
              client: { needs: [{ step: server, on: running }, a], call: w }
              z: { needs: [server, client], call: w }
            """);
    play.succeed("a").begin("server").begin("client").succeed("server");
    assertEquals(List.of("a 1"), upstream(play, "client"));
    play.succeed("client");
    Lineage all = lineage(play, "z");
    assertEquals(List.of("a 1", "server 1", "client 1"), upstream(play, "z"));
    assertFalse(all.isBefore("server", "client"));
    assertTrue(all.isBefore("a", "client"));
  }

  @Test
  void with_join_any_the_need_that_released_the_step_brings_its_files() {
    Play play =
        Play.of(
            """
            steps:
              a: { call: w }
              b: { call: w }
              c: { needs: [a, b], join: any, call: w }
              z: { needs: [a, b, c], call: w }
            """);
    play.succeed("b", "a");
    assertEquals(List.of("b 1"), upstream(play, "c"));
    play.succeed("c");
    Lineage all = lineage(play, "z");
    assertEquals(List.of("a 1", "b 1", "c 1"), upstream(play, "z"));
    assertTrue(all.isBefore("b", "c"));
    assertFalse(all.isBefore("a", "c"));
  }

  @Test
  void a_group_that_is_tried_again_forgets_what_its_first_attempt_left() {
    Play play =
        Play.of(
            """
            steps:
              g:
                retry: 2
                sequence: { steps: { one: { call: w }, two: { call: w }, three: { call: w } } }
              z: { needs: { step: g, on: finished }, call: w }
            """);
    play.succeed("g.one", "g.two");
    play.fail("g.three");
    assertEquals(List.of(), upstream(play, "g.one"));
    play.succeed("g.one");
    assertEquals(List.of("g.one 2"), upstream(play, "g.two"));
    play.fail("g.two", ErrorInfo.of("boom", "boom"));
    assertEquals(List.of("g.one 2", "g.two 2"), upstream(play, "z"));
  }

  @Test
  void a_turn_of_a_loop_sees_the_turns_before_it() {
    Play play =
        Play.of(
            """
            steps:
              a: { call: w }
              l:
                needs: a
                loop: { until: "${{ iteration >= 2 }}", steps: { x: { call: w }, y: { call: w } } }
              z: { needs: l, call: w }
            """);
    play.succeed("a", "l[0].x");
    assertEquals(List.of("a 1", "l[0].x 1"), upstream(play, "l[0].y"));
    play.succeed("l[0].y", "l[1].x");
    assertEquals(List.of("a 1", "l[0].x 1", "l[0].y 1", "l[1].x 1"), upstream(play, "l[1].y"));
    play.succeed("l[1].y", "l[2].x", "l[2].y");
    Lineage all = lineage(play, "z");
    assertEquals(7, all.ancestors().size());
    assertTrue(all.isBefore("l[0].y", "l[2].x"));
    assertFalse(all.isBefore("l[2].x", "l[0].y"));
    assertTrue(all.isBefore("l[1].x", "l[1].y"));
    assertTrue(all.isBefore("a", "l[1].y"));
  }

  @Test
  void of_a_switch_the_case_that_was_taken_counts() {
    Play play =
        Play.of(
            """
            steps:
              s:
                switch:
                  - { when: "${{ 1 > 2 }}", steps: { x: { call: w } } }
                  - else: { y: { call: w }, y2: { call: w } }
              z: { needs: s, call: w }
            """);
    play.succeed("s.else.y");
    assertEquals(List.of("s.else.y 1"), upstream(play, "s.else.y2"));
    play.succeed("s.else.y2");
    assertEquals(List.of("s.else.y 1", "s.else.y2 1"), upstream(play, "z"));
  }

  @Test
  void hooks_come_before_and_after_their_step_and_who_needs_it_sees_them_all() {
    Play play =
        Play.of(
            """
            hooks: { before: { call: h }, always: { call: h } }
            steps:
              a:
                call: w
                hooks: { before: { call: h }, onSuccess: { call: h }, always: { call: h } }
              g:
                needs: a
                sequence: { steps: { x: { call: w }, y: { call: w } } }
                hooks: { before: { call: h }, onFailure: [{ call: h }, { call: h }] }
              z: { needs: { step: g, on: finished }, call: w }
            """);
    play.succeed(":before");
    assertEquals(List.of(":before 1"), upstream(play, "a:before"));
    play.succeed("a:before");
    assertEquals(List.of(":before 1", "a:before 1"), upstream(play, "a"));
    play.succeed("a");
    assertEquals(List.of(":before 1", "a:before 1", "a 1"), upstream(play, "a:onSuccess"));
    play.succeed("a:onSuccess");
    assertEquals(
        List.of(":before 1", "a:before 1", "a 1", "a:onSuccess 1"), upstream(play, "a:always"));
    play.succeed("a:always", "g:before", "g.x").fail("g.y");
    List<String> last = upstream(play, "g:onFailure.1");
    assertEquals(List.of("g:before 1", "g.x 1", "g.y 1"), last.subList(5, last.size()));
    play.succeed("g:onFailure.1", "g:onFailure.2");
    Lineage all = lineage(play, "z");
    assertEquals(10, all.ancestors().size(), all.ancestors().toString());
    assertTrue(all.isBefore("a:before", "a"));
    assertFalse(all.isBefore("a", "a:before"));
    assertTrue(all.isBefore("a", "a:always"));
    assertTrue(all.isBefore("a:onSuccess", "a:always"));
    assertTrue(all.isBefore("g.x", "g:onFailure.2"));
    assertTrue(all.isBefore("g:before", "g.x"));
    assertFalse(all.isBefore("g:onFailure.1", "g.y"));
    assertTrue(all.isBefore(":before", "g.y"));
    assertTrue(all.isBefore("a:always", "g:before"));
    play.succeed("z");
    assertEquals(11, upstream(play, ":always").size());
  }

  @Test
  void a_hook_of_a_loop_is_no_turn_of_it() {
    Play play =
        Play.of(
            """
            steps:
              l:
                loop: { until: "${{ iteration >= 1 }}", steps: { t: { call: w } } }
                hooks: { always: { call: h } }
              z: { needs: l, call: w }
            """);
    play.succeed("l[0].t", "l[1].t");
    assertEquals(List.of("l[0].t 1", "l[1].t 1"), upstream(play, "l:always"));
    play.succeed("l:always");
    assertEquals(List.of("l[0].t 1", "l[1].t 1", "l:always 1"), upstream(play, "z"));
  }

  @Test
  void a_step_without_files_may_have_hooks_with_files() {
    Play play =
        Play.withoutInline(
            """
            steps:
              a: { pass: {}, hooks: { always: { call: h } } }
              z: { needs: a, call: w }
            """);
    play.succeed("a", "a:always");
    assertEquals(List.of("a:always 1"), upstream(play, "z"));
  }

  @Test
  void steps_of_which_nothing_is_upstream_but_that_of_what_is_around_them_share_it() {
    Play play =
        Play.of(
            """
            steps:
              a: { call: w }
              f:
                needs: a
                forEach: [1, 2]
                sequence: { steps: { x: { call: w }, y: { call: w } } }
              g: { needs: a, forEach: [1, 2], call: w, hooks: { always: { call: h } } }
              l: { loop: { until: "${{ iteration >= 1 }}", steps: { t: { call: w } } } }
            """);
    assertEquals(shared(play, "a"), shared(play, "a"));
    play.succeed("a");
    assertTrue(shared(play, "f[0].x").isPresent());
    assertEquals(shared(play, "f[0].x"), shared(play, "f[1].x"));
    assertNotEquals(shared(play, "f[0].x"), shared(play, "g[0]"));
    assertEquals(shared(play, "g[0]"), shared(play, "g[1]"));
    play.succeed("f[0].x", "g[0]");
    assertEquals(Optional.empty(), shared(play, "f[0].y"));
    assertEquals(Optional.empty(), shared(play, "g[0]:always"));
    Optional<String> first = shared(play, "l[0].t");
    play.succeed("l[0].t");
    assertNotEquals(first, shared(play, "l[1].t"));
  }

  private static Optional<String> shared(Play play, String step) {
    return Lineage.sharedBy(play.graph, play.state, step);
  }

  @Test
  void rows_that_are_not_loaded_are_asked_for_together() {
    Play play =
        Play.of(
            """
            steps:
              u: { forEach: "${{ [1, 2, 3] }}", call: w }
              z: { needs: u, call: w }
            """);
    play.succeed("u[0]", "u[1]", "u[2]");
    List<StepRow> rows = List.of("z", "u", "u[0]", "u[1]", "u[2]").stream().map(play::row).toList();
    RunState bare = RunState.load(play.state.run(), List.of(), false);
    List<Set<String>> asked = new java.util.ArrayList<>();
    while (true) {
      try {
        assertEquals(3, Lineage.of(play.graph, bare, "z").ancestors().size());
        break;
      } catch (RunState.MissingRows missing) {
        asked.add(missing.paths());
        bare.add(
            missing.paths(),
            rows.stream().filter(row -> missing.paths().contains(row.path())).toList());
      }
    }
    assertEquals(List.of(Set.of("z"), Set.of("u"), Set.of("u[0]", "u[1]", "u[2]")), asked);
  }
}
