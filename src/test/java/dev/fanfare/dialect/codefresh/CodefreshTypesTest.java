package dev.fanfare.dialect.codefresh;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fanfare.definition.Step;
import dev.fanfare.definition.Template;
import dev.fanfare.definition.Work;
import dev.fanfare.definition.Work.Approval.OnTimeout;
import dev.fanfare.dialects.Shows;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What becomes of the types of steps. */
class CodefreshTypesTest {

  private static Step only(String... lines) {
    return Reading.workflow(Reading.pipeline(lines)).steps().getLast();
  }

  private static List<String> lines(Step step) {
    return assertInstanceOf(Work.Run.class, step.body()).commands();
  }

  private static Object literal(Template template) {
    return ((Template.Literal) template).value();
  }

  @Test
  @Shows({
    "step.image_name", "step.dockerfile", "step.tag", "step.tags", "step.tag_policy",
    "step.build_arguments", "step.target", "step.no_cache", "step.cache_from", "step.platform",
    "step.progress", "step.ssh", "step.secrets", "step.squash", "step.buildkit"
  })
  void build_is_the_command_line_of_docker() {
    Step step =
        only(
            "  s:",
            "    type: build",
            "    image_name: me/app",
            "    dockerfile: d/Dockerfile",
            "    tag: One",
            "    tags: [Two]",
            "    tag_policy: original",
            "    build_arguments: [A=1, 'B=two words']",
            "    target: stage",
            "    no_cache: true",
            "    cache_from: [me/app:main]",
            "    platform: linux/arm64",
            "    progress: plain",
            "    ssh: [default]",
            "    secrets: ['id=x,src=y']",
            "    squash: true",
            "    buildkit: true");
    assertEquals(
        "docker build -f \"$CF_DOCKERFILE\" -t \"$CF_IMAGE:$CF_TAG_1\" -t \"$CF_IMAGE:$CF_TAG_2\""
            + " --build-arg \"$CF_ARG_1\" --build-arg \"$CF_ARG_2\" --target \"$CF_TARGET\""
            + " --platform \"$CF_PLATFORM\" --progress \"$CF_PROGRESS\""
            + " --cache-from \"$CF_ARG_3\" --ssh \"$CF_ARG_4\" --secret \"$CF_ARG_5\""
            + " --no-cache --squash .",
        lines(step).getFirst());
    assertEquals("B=two words", literal(step.env().get("CF_ARG_2")));
    assertEquals("me/app", literal(step.env().get("CF_IMAGE")));
    assertEquals("1", literal(step.env().get("DOCKER_BUILDKIT")));
    assertTrue(lines(step).stream().anyMatch(line -> line.contains("imageId=$CF_IMAGE_ID")));
  }

  @Test
  @Shows({"step.buildx", "step.dockerfile_content", "step.registry", "step.disable_push"})
  void what_is_built_is_pushed_where_a_registry_is_named() {
    List<String> pushed =
        lines(only("  s: { type: build, image_name: a, registry: r.example.com, buildx: true }"));
    assertTrue(pushed.getFirst().startsWith("docker buildx build --load"));
    assertTrue(pushed.contains("docker push \"$CF_TARGET:$CF_TAG_1\""), pushed::toString);
    List<String> kept =
        lines(only("  s: { type: build, image_name: a, registry: quay, disable_push: true }"));
    assertTrue(kept.stream().noneMatch(line -> line.startsWith("docker push")));
    List<String> inline =
        lines(only("  s: { type: build, image_name: a, dockerfile_content: FROM scratch }"));
    assertTrue(inline.getFirst().endsWith("-f - ."), inline.getFirst());
  }

  @Test
  @Shows({"step.candidate", "step.credentials"})
  void push_tags_and_pushes_a_candidate() {
    Step step =
        only(
            "  b: { type: build, image_name: app }",
            "  s: { type: push, candidate: '${{b}}', tags: [1, 2], registry: gcr, credentials: {"
                + " username: u, password: p } }");
    assertEquals("gcr.io", literal(step.env().get("CF_REGISTRY")));
    assertInstanceOf(Template.Expression.class, step.env().get("CF_CANDIDATE"));
    List<String> lines = lines(step);
    assertTrue(lines.stream().anyMatch(line -> line.contains("docker login")));
    assertTrue(lines.contains("docker push \"$CF_TARGET:$CF_TAG_2\""));
    Step named = only("  s: { type: push-tag, candidate: 'me/app:1', tag: x, registry: r.io }");
    assertEquals("me/app", literal(named.env().get("CF_IMAGE")));
  }

  @Test
  void a_registry_that_nobody_knows_is_said_and_can_be_given() {
    String file = Reading.pipeline("  s: { type: push, candidate: 'a:1', registry: my-registry }");
    assertTrue(Reading.codes(file).contains("unknown-registry"));
    assertTrue(
        Reading.file(file, Map.of("CF_REGISTRY_MY_REGISTRY", "r.example.com"))
            .diagnostics()
            .stream()
            .noneMatch(each -> each.code().equals("unknown-registry")));
  }

  @Test
  @Shows({"step.repo", "step.revision"})
  void a_clone_is_made_with_git() {
    Step step = only("  s: { type: git-clone, repo: owner/app, revision: main, git: github }");
    assertEquals(
        List.of("fanfare-checkout \"$CF_CLONE_FOLDER\" \"$CF_CLONE_URL\" \"$CF_CLONE_REVISION\""),
        lines(step));
    assertEquals("app", literal(step.env().get("CF_CLONE_FOLDER")));
  }

  @Test
  void a_clone_that_is_named_and_not_written_comes_first() {
    String file =
        Reading.parallel(
            "  s: { image: i, commands: ls, when: { steps: [{ name: main_clone }] } }");
    assertEquals("main_clone", Reading.workflow(file).steps().getFirst().name());
    assertTrue(Reading.codes(file).contains("implicit-clone"));
  }

  @Test
  @Shows({"approval-timeout.duration", "approval-timeout.timeUnit", "approval-timeout.finalState"})
  void an_approval_waits_for_a_week_or_as_long_as_it_says() {
    Step plain = only("  s: { type: pending-approval, title: Ship? }");
    Work.Approval approval = assertInstanceOf(Work.Approval.class, plain.body());
    assertEquals(Optional.of(Duration.ofHours(168)), approval.timeout());
    assertEquals(OnTimeout.DENY, approval.onTimeout());
    assertEquals("Ship?", literal(approval.message()));
    Step minutes =
        only(
            "  s: { type: pending-approval, timeout: { duration: 2, timeUnit: minutes, finalState:"
                + " approved } }");
    Work.Approval two = assertInstanceOf(Work.Approval.class, minutes.body());
    assertEquals(Optional.of(Duration.ofMinutes(2)), two.timeout());
    assertEquals(OnTimeout.APPROVE, two.onTimeout());
    Step ended =
        only("  s: { type: pending-approval, timeout: { duration: 1, finalState: terminated } }");
    assertEquals(Optional.of(Duration.ofHours(1)), ended.timeouts().total());
  }

  @Test
  @Shows({
    "codefresh-run.PIPELINE_ID", "codefresh-run.PIPELINE_NAME", "codefresh-run.VARIABLE",
    "codefresh-run.BRANCH", "codefresh-run.SHA", "codefresh-run.DETACH",
    "codefresh-run.TIMEOUT_MINS", "codefresh-run.TIMEOUT"
  })
  void another_pipeline_is_a_run_of_its_own() {
    Step step =
        only(
            "  s:",
            "    type: codefresh-run",
            "    arguments:",
            "      PIPELINE_ID: other",
            "      VARIABLE: [A=1, { B: 2 }]",
            "      BRANCH: main",
            "      SHA: abc",
            "      TIMEOUT_MINS: 5");
    Work.SubWorkflow sub = assertInstanceOf(Work.SubWorkflow.class, step.body());
    assertEquals("other", literal(sub.workflow()));
    assertEquals(List.of("A", "B", "CF_BRANCH", "CF_REVISION"), List.copyOf(sub.params().keySet()));
    assertTrue(sub.await());
    assertEquals(Optional.of("codefresh"), sub.dialect());
    assertEquals(Optional.of(Duration.ofMinutes(5)), step.timeouts().attempt());
    Step left =
        only(
            "  s: { type: 'codefresh-run:1.2.3', arguments: { PIPELINE_NAME: a/b, DETACH: true,"
                + " TIMEOUT: 1 } }");
    assertTrue(!((Work.SubWorkflow) left.body()).await());
  }

  @Test
  void a_type_of_the_market_place_is_a_java_step_with_its_arguments() {
    String file =
        Reading.pipeline(
            "  s: { type: 'slack-notifier:0.0.8', arguments: { TEXT: 'hi ${{X}}', N: 3 } }");
    Work.Call call = (Work.Call) Reading.workflow(file).steps().getFirst().body();
    assertEquals("codefresh/slack-notifier", call.bean());
    assertEquals(3L, literal(((Template.Entries) call.with()).entries().get("N")));
    assertEquals(List.of("needs-java-step"), Reading.codes(file));
  }

  @Test
  @Shows({
    "step.composition",
    "step.composition_candidates",
    "step.composition_variables",
    "step.composition_network",
    "step.entry_file",
    "step.environment_name",
    "step.kind",
    "step.cluster",
    "step.namespace",
    "step.service",
    "step.file_path",
    "step.commands_to_run",
    "step.host",
    "step.hosts",
    "step.user",
    "step.actions",
    "step.port",
    "step.test",
    "step.travis",
    "step.use",
    "step.with",
    "step.env"
  })
  void a_type_that_only_the_cloud_does_hands_its_keys_to_a_java_step() {
    Map<String, List<String>> types =
        Map.of(
            "composition",
            List.of(
                "composition",
                "composition_candidates",
                "composition_variables",
                "composition_network"),
            "launch-composition",
            List.of("composition", "environment_name", "entry_file"),
            "deploy",
            List.of("kind", "cluster", "namespace", "service", "file_path"),
            "freestyle-ssh",
            List.of("commands_to_run", "host", "hosts", "user"),
            "github-action",
            List.of("actions", "use", "with", "env"),
            "travis",
            List.of("test", "travis"),
            "services",
            List.of("port"));
    types.forEach(
        (type, keys) -> {
          String body = String.join(", ", keys.stream().map(key -> key + ": { deep: 1 }").toList());
          Step step = only("  s: { type: " + type + ", title: T, " + body + " }");
          Work.Call call = assertInstanceOf(Work.Call.class, step.body());
          assertEquals("codefresh/" + type, call.bean());
          assertEquals(
              keys.stream().sorted().toList(),
              ((Template.Entries) call.with()).entries().keySet().stream().sorted().toList());
        });
  }
}
