package dev.fanfare.dialects;

import java.util.Locale;

/**
 * A CircleCI file as large projects have it: 70 jobs in one workflow, of which a matrix makes
 * twelve, with executors, commands with parameters, anchors, filters, logic statements, workspaces
 * and an approval. About 650 lines.
 */
public final class SeventyJobs {

  private static final int SERVICES = 18;

  private SeventyJobs() {}

  /** The file. Deterministic. */
  public static String file() {
    StringBuilder file = new StringBuilder(HEAD);
    StringBuilder workflow = new StringBuilder(WORKFLOW);
    file.append("jobs:\n").append(FIXED_JOBS);
    for (int i = 0; i < SERVICES; i++) {
      String name = String.format(Locale.ROOT, "service-%02d", i);
      file.append(SERVICE_JOBS.replace("NAME", name));
      workflow.append(SERVICE_WORKFLOW.replace("NAME", name));
    }
    workflow.append(END);
    return file.append(workflow).toString();
  }

  private static final String HEAD =
      """
      version: 2.1

      parameters:
        deploy: { type: boolean, default: true }
        log-level: { type: enum, enum: [debug, info], default: info }
        image-tag: { type: string, default: latest }

      x-defaults: &defaults
        working_directory: ~/project
        environment:
          LANG: C.UTF-8
          LOG_LEVEL: << pipeline.parameters.log-level >>

      executors:
        base:
          docker:
            - image: cimg/base:2024.02
          resource_class: medium
        jdk:
          parameters:
            version: { type: string, default: "21" }
          docker:
            - image: cimg/openjdk:<< parameters.version >>
            - image: cimg/postgres:16.1
              environment: { POSTGRES_USER: app }

      commands:
        build-service:
          parameters:
            service: { type: string }
            goals: { type: string, default: package }
            coverage: { type: boolean, default: false }
          steps:
            - run:
                name: Build << parameters.service >>
                command: |
                  mkdir -p out/<< parameters.service >>
                  echo "<< parameters.goals >>" > out/<< parameters.service >>/goals
                no_output_timeout: 20m
            - when:
                condition: << parameters.coverage >>
                steps:
                  - run: echo "coverage of << parameters.service >>"
        report:
          steps:
            - run:
                name: Report
                command: echo reported
                when: always
            - store_test_results: { path: out }
            - store_artifacts: { path: out, destination: artifacts }

      """;

  private static final String FIXED_JOBS =
      """
        prepare:
          <<: *defaults
          executor: base
          steps:
            - checkout
            - run: mkdir -p out && date > out/prepared
            - persist_to_workspace: { root: ., paths: [out] }
        compatibility:
          <<: *defaults
          parameters:
            jdk: { type: string }
            database: { type: string }
          executor: { name: jdk, version: << parameters.jdk >> }
          steps:
            - attach_workspace: { at: . }
            - run:
                name: JDK << parameters.jdk >> on << parameters.database >>
                command: |
                  echo "<< parameters.jdk >> << parameters.database >>"
            - report
        package:
          <<: *defaults
          executor: base
          steps:
            - attach_workspace: { at: . }
            - run: tar -cf all.tar out
            - persist_to_workspace: { root: ., paths: [all.tar] }
        deploy:
          <<: *defaults
          executor: base
          steps:
            - attach_workspace: { at: . }
            - run: echo "deploy << pipeline.parameters.image-tag >>"
      """;

  private static final String SERVICE_JOBS =
      """
        build-NAME:
          <<: *defaults
          executor: jdk
          steps:
            - attach_workspace: { at: . }
            - build-service: { service: NAME, coverage: true }
            - persist_to_workspace: { root: ., paths: [out/NAME] }
        test-NAME:
          <<: *defaults
          executor: jdk
          steps:
            - attach_workspace: { at: . }
            - run:
                name: Test
                command: |
                  set -o pipefail
                  test -d out/NAME
            - report
        lint-NAME:
          <<: *defaults
          executor: base
          steps:
            - checkout
            - run: echo "lint NAME"
      """;

  private static final String WORKFLOW =
      """

      workflows:
        version: 2
        all:
          when:
            or:
              - << pipeline.parameters.deploy >>
              - equal: [main, << pipeline.git.branch >>]
          jobs:
            - prepare:
                filters: { branches: { ignore: /wip-.*/ } }
            - compatibility:
                matrix:
                  alias: compatible
                  parameters:
                    jdk: ["17", "21", "25"]
                    database: [postgres-14, postgres-15, postgres-16, postgres-17]
                requires: [prepare]
      """;

  private static final String SERVICE_WORKFLOW =
      """
            - build-NAME:
                requires: [prepare]
            - test-NAME:
                requires: [build-NAME]
            - lint-NAME
      """;

  /** All tests and the matrix lead to the package, which leads to the approval and the deploy. */
  private static final String END = end();

  private static String end() {
    StringBuilder end = new StringBuilder("      - package:\n          requires:\n");
    end.append("            - compatible\n");
    for (int i = 0; i < SERVICES; i++) {
      end.append(String.format(Locale.ROOT, "            - test-service-%02d\n", i));
    }
    return end.append(
            """
                  - hold:
                      type: approval
                      requires: [package]
                      filters: { branches: { only: [main, /release\\/.*/] } }
                  - deploy:
                      requires: [hold]
                      context: production
                      filters: { branches: { only: [main, /release\\/.*/] } }
            """)
        .toString();
  }
}
