package dev.fanfare.dialect.circleci;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fanfare.definition.Diagnostic;
import dev.fanfare.definition.Workflow;
import dev.fanfare.dialects.Shows;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which jobs a branch or a tag runs, and what becomes of the edges of the others. */
@Shows({"invocation.filters", "filters.branches", "filters.tags", "filter.only", "filter.ignore"})
class FilteringTest {

  private static String file(String jobs) {
    return "version: 2.1\njobs:\n"
        + List.of("a", "b", "c", "d").stream()
            .map(name -> "  " + name + ": { steps: [{ run: 'true' }] }\n")
            .reduce("", String::concat)
        + "workflows:\n  w:\n    jobs:\n"
        + jobs.indent(6);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      nullValues = "-",
      value = {
        "{}                                              | main      | -    | true",
        "{}                                              | -         | v1   | false",
        "{ branches: { only: main } }                    | main      | -    | true",
        "{ branches: { only: main } }                    | maintain  | -    | false",
        "{ branches: { only: [dev, /user-.*/] } }        | user-ann  | -    | true",
        "{ branches: { only: [dev, /user-.*/] } }        | xuser-ann | -    | false",
        "{ branches: { only: /release/ } }               | release/1 | -    | false",
        "{ branches: { only: '/pre-prod(?:-.+)?$/' } }   | pre-prod-2 | -   | true",
        "{ branches: { only: /^(?!main).*$/ } }          | main      | -    | false",
        "{ branches: { only: /^(?!main).*$/ } }          | dev       | -    | true",
        "{ branches: { ignore: main } }                  | main      | -    | false",
        "{ branches: { ignore: main } }                  | dev       | -    | true",
        "{ branches: { ignore: [/.*/] } }                | dev       | -    | false",
        "{ branches: { only: dev, ignore: dev } }        | dev       | -    | true",
        "{ branches: { only: dev, ignore: main } }       | x         | -    | false",
        "{ branches: { only: main } }                    | -         | -    | false",
        "{ branches: { ignore: main } }                  | -         | -    | true",
        "{ tags: { only: /^v.*/ } }                      | -         | v1.2 | true",
        "{ tags: { only: /^v.*/ } }                      | -         | 1.2  | false",
        "{ tags: { only: /^v.*/ } }                      | main      | -    | true",
        "{ tags: { ignore: beta } }                      | -         | v1   | true",
        "{ tags: { ignore: beta } }                      | -         | beta | false",
        "{ tags: {} }                                    | -         | v1   | false",
        "{ branches: { ignore: /.*/ }, tags: { only: /v.*/ } } | main | -   | false",
        "{ branches: { ignore: /.*/ }, tags: { only: /v.*/ } } | -    | v1  | true",
        "{ branches: { only: main } }                    | main      | v1   | false",
        "pipeline.git.branch == \"main\"                 | main      | -    | true",
        "pipeline.git.branch == \"main\"                 | dev       | -    | false",
        "pipeline.git.tag starts-with \"v\"              | -         | v1   | true",
        "pipeline.git.branch starts-with \"re\" and not (pipeline.trigger_source == \"api\") |"
            + " re/1 | - | false",
      })
  void a_job_runs_or_not(String filters, String branch, String tag, boolean runs) {
    Map<String, Object> run = new java.util.HashMap<>();
    if (branch != null) {
      run.put("branch", branch);
    }
    if (tag != null) {
      run.put("tag", tag);
    }
    Workflow workflow = Circle.workflow(file("- a:\n    filters: " + filters), Circle.run(run));
    assertEquals(runs ? Set.of("a") : Set.of(), Circle.running(workflow));
  }

  @Test
  @Shows("invocation.requires")
  void a_filtered_dependency_is_dropped_where_another_is_left() {
    Workflow workflow =
        Circle.workflow(
            file(
                """
                - a: { filters: { branches: { only: main } } }
                - b
                - c: { requires: [a, b] }
                """),
            Circle.branch("dev"));
    assertEquals(Set.of("b", "c"), Circle.running(workflow));
    assertEquals(Set.of("b"), Circle.needs(workflow, "c"));
  }

  @Test
  void a_job_all_of_whose_dependencies_are_filtered_is_filtered_too_and_so_on() {
    Workflow workflow =
        Circle.workflow(
            file(
                """
                - d: { requires: [c] }
                - c: { requires: [a, b] }
                - a: { filters: { branches: { only: main } } }
                - b: { filters: { branches: { only: main } } }
                """),
            Circle.branch("dev"));
    assertEquals(Set.of(), Circle.running(workflow));
    assertTrue(Circle.step(workflow, "d").title().contains("all jobs that it requires"));
  }

  @Test
  void a_job_for_tags_does_not_run_where_all_in_front_of_it_are_for_branches() {
    String jobs =
        """
        - a
        - b: { requires: [a], filters: { tags: { only: /v.*/ } } }
        """;
    assertEquals(
        Set.of(), Circle.running(Circle.workflow(file(jobs), Circle.run(Map.of("tag", "v1")))));
    String both = jobs.replace("- a\n", "- a: { filters: { tags: { only: /v.*/ } } }\n");
    assertEquals(
        Set.of("a", "b"),
        Circle.running(Circle.workflow(file(both), Circle.run(Map.of("tag", "v1")))));
  }

  @Test
  void why_a_job_does_not_run_is_told_and_shown() {
    var imported =
        Circle.read(
            file("- a: { filters: { branches: { only: main } } }\n- b"), Circle.branch("dev"));
    Diagnostic told =
        imported.diagnostics().stream()
            .filter(each -> each.code().equals("job-filtered"))
            .findFirst()
            .orElseThrow();
    assertTrue(told.message().contains("the branch 'dev' is not one of its branches"));
    assertEquals(10, told.span().line());
  }

  @Test
  void a_pattern_that_is_none_is_an_error_at_its_place() {
    Diagnostic error = Circle.error(file("- a: { filters: { branches: { only: /(/ } } }"));
    assertEquals("bad-pattern", error.code());
    assertEquals(10, error.span().line());
  }

  @Test
  void a_chain_of_thousands_is_decided_at_once() {
    StringBuilder jobs =
        new StringBuilder("- a: { name: j0, filters: { branches: { only: x } } }\n");
    for (int i = 1; i < 3_000; i++) {
      jobs.append("- a: { name: j")
          .append(i)
          .append(", requires: [j")
          .append(i - 1)
          .append("] }\n");
    }
    Workflow workflow = Circle.workflow(file(jobs.toString()), Circle.branch("main"));
    assertEquals(Set.of(), Circle.running(workflow));
    assertEquals(3_000, workflow.steps().size());
  }
}
