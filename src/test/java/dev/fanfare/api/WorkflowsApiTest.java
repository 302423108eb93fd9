package dev.fanfare.api;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.is;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.fanfare.testing.PostgresResource;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import io.restassured.response.ValidatableResponse;
import io.restassured.specification.RequestSpecification;
import jakarta.inject.Inject;
import java.net.URI;
import java.util.Map;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(PostgresResource.class)
@NullUnmarked // answers are looked into without asking what is there
class WorkflowsApiTest {

  @TestHTTPResource("/")
  URI server;

  @Inject Rows rows;

  private RequestSpecification api() {
    return given().baseUri("http://127.0.0.1").port(server.getPort());
  }

  private static String named(String name) {
    return "name: " + name + "\ndescription: says hello\nsteps:\n  a: { pass: {} }\n";
  }

  private ValidatableResponse put(String name, String text) {
    return api().contentType("text/yaml").body(text).put("/api/workflows/" + name).then();
  }

  @Test
  void the_same_source_again_makes_no_new_version() {
    put("versions", named("versions"))
        .statusCode(201)
        .header("Location", containsString("/api/workflows/versions"))
        .body("name", equalTo("versions"))
        .body("version", is(1))
        .body("created", is(true));
    put("versions", named("versions")).statusCode(200).body("version", is(1));
    put("versions", named("versions") + "# changed\n").statusCode(201).body("version", is(2));
    api()
        .get("/api/workflows/versions")
        .then()
        .statusCode(200)
        .body("version", is(2))
        .body("description", equalTo("says hello"))
        .body("source", equalTo(named("versions") + "# changed\n"));
    api()
        .queryParam("version", 1)
        .get("/api/workflows/versions")
        .then()
        .body("source", equalTo(named("versions")));
    api().queryParam("version", 3).get("/api/workflows/versions").then().statusCode(404);
  }

  @Test
  void a_json_body_names_the_file() {
    api()
        .contentType(ContentType.JSON)
        .body(Map.of("fileName", "ci.yaml", "dialect", "fanfare", "text", named("as-json")))
        .post("/api/workflows")
        .then()
        .statusCode(201);
    api()
        .get("/api/workflows/as-json")
        .then()
        .body("fileName", equalTo("ci.yaml"))
        .body("dialect", equalTo("fanfare"));
  }

  @Test
  void workflows_are_listed_by_name_and_page() {
    put("page-a", named("page-a"));
    put("page-b", named("page-b"));
    put("page-b", named("page-b") + "\n").statusCode(201);
    put("page-c", named("page-c"));
    String next =
        api()
            .queryParam("after", "page-")
            .queryParam("limit", 2)
            .get("/api/workflows")
            .then()
            .statusCode(200)
            .body("workflows.name", equalTo(java.util.List.of("page-a", "page-b")))
            .body("workflows[1].version", is(2))
            .extract()
            .path("next");
    assertEquals("page-b", next);
    api()
        .queryParam("after", next)
        .get("/api/workflows")
        .then()
        .body("workflows.name", hasItem("page-c"));
  }

  @Test
  void a_workflow_that_needs_parameters_can_be_registered() {
    put(
            "needy",
            """
            name: needy
            params: { n: { type: integer, required: true } }
            steps:
              a: { pass: { output: '${{ params.n }}' } }
            """)
        .statusCode(201);
    api()
        .contentType(ContentType.JSON)
        .body(Map.of("workflow", "needy"))
        .post("/api/runs")
        .then()
        .statusCode(422)
        .body("errors[0].code", equalTo("missing-param"));
  }

  @Test
  void a_bad_file_is_not_registered() {
    String before = rows.everything();
    put("bad", "name: bad\nsteps:\n  a: { needs: [b], pass: {} }\n")
        .statusCode(422)
        .contentType("application/problem+json")
        .body("errors[0].line", is(3))
        .body("detail", containsString("nothing was stored"));
    put("other", named("this")).statusCode(422).body("errors.code", hasItem("other-name"));
    put("empty", "").statusCode(422);
    put("large", "#".repeat((1 << 20) + 1)).statusCode(413);
    api()
        .contentType(ContentType.JSON)
        .body("{\"txt\": \"x\"}")
        .post("/api/workflows")
        .then()
        .statusCode(400);
    api().contentType(ContentType.JSON).body("{}").post("/api/workflows").then().statusCode(400);
    assertEquals(before, rows.everything());
  }
}
