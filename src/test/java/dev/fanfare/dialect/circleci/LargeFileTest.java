package dev.fanfare.dialect.circleci;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fanfare.definition.Workflow;
import dev.fanfare.graph.CompileInputs;
import dev.fanfare.graph.Compiled;
import dev.fanfare.graph.GraphCompiler;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** A file as large projects have it. */
class LargeFileTest {

  /** Seventy jobs in layers, with executors, commands, parameters, filters and a matrix. */
  static String seventy() {
    StringBuilder file =
        new StringBuilder(
            """
            version: 2.1
            parameters: { deploy: { type: boolean, default: false } }
            executors:
              node:
                parameters: { tag: { type: string, default: "20" } }
                docker: [{ image: "cimg/node:<< parameters.tag >>" }]
                working_directory: ~/repo
            commands:
              prepare:
                parameters: { cache: { type: string, default: v1 } }
                steps:
                  - checkout
                  - restore_cache: { keys: ['<< parameters.cache >>-{{ checksum "package.json" }}'] }
                  - run: { name: Install, command: npm ci }
              report:
                steps:
                  - store_test_results: { path: reports }
                  - store_artifacts: { path: logs }
            jobs:
            """);
    StringBuilder jobs = new StringBuilder("workflows:\n  main:\n    jobs:\n");
    for (int i = 0; i < 66; i++) {
      file.append(
          """
            job-%1$d:
              executor: node
              environment: { PART: "%1$d" }
              steps:
                - prepare
                - when: { condition: << pipeline.parameters.deploy >>, steps: [{ run: echo deploy }] }
                - attach_workspace: { at: . }
                - run: |
                    npm run build -- --part=%1$d
                    npm test
                - persist_to_workspace: { root: ., paths: [dist/%1$d] }
                - report
          """
              .formatted(i)
              .indent(0));
      jobs.append("      - job-").append(i);
      jobs.append(
          i < 6
              ? "\n"
              : ": { requires: [job-%d, job-%d], filters: { branches: { ignore: /docs-.*/ } } }\n"
                  .formatted(i - 6, i % 6));
    }
    file.append(
        """
          test:
            parameters: { tag: { type: string } }
            executor: { name: node, tag: << parameters.tag >> }
            steps: [prepare, { run: npm test }]
        """);
    jobs.append(
        """
              - test:
                  matrix: { parameters: { tag: ["18", "20", "22", "24"] } }
                  requires: [job-65]
        """);
    return file.append(jobs).toString();
  }

  @Test
  void seventy_jobs_are_read_and_compiled_in_no_time() {
    String file = seventy();
    Workflow workflow = Circle.workflow(file, Circle.branch("main"));
    assertEquals(70, workflow.steps().size());
    Compiled compiled = GraphCompiler.compile(workflow, CompileInputs.NONE);
    assertTrue(compiled.graph().isPresent(), compiled.diagnostics().toString());

    long best = Long.MAX_VALUE;
    for (int i = 0; i < 5; i++) {
      long begun = System.nanoTime();
      Circle.workflow(file, Circle.branch("main"));
      best = Math.min(best, System.nanoTime() - begun);
    }
    System.out.println("70 jobs: " + Duration.ofNanos(best).toMillis() + " ms");
    assertTrue(Duration.ofNanos(best).compareTo(Duration.ofSeconds(30)) < 0);
  }
}
