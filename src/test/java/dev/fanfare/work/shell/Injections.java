package dev.fanfare.work.shell;

import java.util.ArrayList;
import java.util.List;

/** Values that would do harm as a part of a script. Each harm makes a file named pwned. */
final class Injections {

  private Injections() {}

  static List<String> all() {
    List<String> all = new ArrayList<>();
    for (String harm : List.of("touch pwned", "echo x > pwned")) {
      for (String around :
          List.of(
              "; %s",
              "; %s #",
              "$(%s)",
              "`%s`",
              "'; %s; '",
              "\"; %s; \"",
              "\n%s\n",
              "\r\n%s",
              "&& %s",
              "|| %s",
              "| %s",
              "& %s &",
              "') ; %s; ('",
              "${x:-$(%s)}",
              "$((`%s`))",
              "<(%s)",
              "'\"$(%s)\"'",
              "\\$(%s)",
              "}; %s; {")) {
        all.add(around.formatted(harm));
      }
    }
    all.addAll(
        List.of(
            "() { :;}; touch pwned",
            "EOF\ntouch pwned\nEOF",
            "-e touch pwned",
            "*",
            "~",
            "$HOME",
            "\u0001\u001b[31mred",
            "ü€😀 \u202Eabc",
            "'",
            "\"",
            "\\",
            ""));
    return all;
  }
}
