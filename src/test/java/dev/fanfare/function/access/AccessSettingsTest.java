package dev.fanfare.function.access;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fanfare.function.SettingException;
import dev.fanfare.function.access.AccessSettings.Mode;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class AccessSettingsTest {

  private static AccessSettings of(Map<String, String> settings) {
    return AccessSettings.of(
        new SmallRyeConfigBuilder()
            .withSources(new PropertiesConfigSource(settings, "test", 100))
            .build());
  }

  @Test
  void a_server_for_its_own_machine_asks_nobody_and_a_function_asks_everybody() {
    AccessSettings silent = of(Map.of());
    for (String host : List.of("127.0.0.1", "localhost", "::1", "[::1]")) {
      assertEquals(Mode.NONE, silent.onServer(host));
    }
    assertEquals(Mode.TOKEN, silent.onLambda());
  }

  @Test
  void a_server_that_others_reach_has_to_be_told_how_callers_are_known() {
    for (String host : List.of("0.0.0.0", "::", "192.0.2.1", "build.example.org")) {
      SettingException refused =
          assertThrows(SettingException.class, () -> of(Map.of()).onServer(host));
      assertTrue(refused.getMessage().contains("FANFARE_AUTH=token"), refused.getMessage());
      assertEquals(Mode.TOKEN, of(Map.of("fanfare.auth", "token")).onServer(host));
      assertEquals(Mode.NONE, of(Map.of("fanfare.auth", " none ")).onServer(host));
    }
  }

  @Test
  void only_aws_verifies_signatures_of_aws() {
    AccessSettings iam = of(Map.of("fanfare.auth", "iam"));
    assertEquals(Mode.IAM, iam.onLambda());
    assertThrows(SettingException.class, () -> iam.onServer("127.0.0.1"));
  }

  @Test
  void whoever_aws_has_verified_is_an_admin_unless_something_else_is_said() {
    assertEquals(Set.of(Scope.ADMIN), of(Map.of()).scopes("arn:aws:iam::1:user/x"));
    AccessSettings some =
        of(
            Map.of(
                "fanfare.auth.iam",
                "arn:aws:sts::1:assumed-role/ci-*/*=run; arn:aws:iam::1:user/a.b=read;"));
    assertEquals(Set.of(Scope.RUN), some.scopes("arn:aws:sts::1:assumed-role/ci-x/session"));
    assertEquals(Set.of(Scope.READ), some.scopes("arn:aws:iam::1:user/a.b"));
    for (String other :
        List.of(
            "arn:aws:iam::1:user/aXb",
            "arn:aws:iam::1:user/a.bc",
            "xarn:aws:iam::1:user/a.b",
            "arn:aws:sts::1:assumed-role/admin/ci-",
            "arn:aws:sts::1:assumed-role/ci-x/y\nz",
            "")) {
      assertEquals(Set.of(), some.scopes(other), other);
    }
  }

  @Test
  void what_cannot_be_read_is_said() {
    assertThrows(SettingException.class, () -> of(Map.of("fanfare.auth", "basic")));
    for (String wrong : List.of("admin", "=admin", "arn:x=", "arn:x=root", "*=run;x")) {
      assertThrows(SettingException.class, () -> of(Map.of("fanfare.auth.iam", wrong)), wrong);
    }
  }

  @Test
  void each_scope_has_those_below_it() {
    assertTrue(Scope.READ.isIn(Set.of(Scope.RUN)));
    assertTrue(Scope.RUN.isIn(Set.of(Scope.ADMIN)));
    assertFalse(Scope.RUN.isIn(Set.of(Scope.READ)));
    assertFalse(Scope.READ.isIn(Set.of()));
  }

  @Test
  void a_secret_does_not_print_itself() {
    TokenSecret secret = TokenSecret.random();
    assertFalse(secret.toString().contains(secret.reveal().substring(4)));
    assertFalse(TokenSecret.random().reveal().equals(secret.reveal()));
  }
}
