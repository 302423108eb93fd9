package dev.fanfare.dialects;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.regex.Pattern;

/** Damages a file as people, editors and attackers do; the same seed does the same damage. */
final class Damage {

  private static final Pattern KEY = Pattern.compile("^(\\s*(?:- )?)([A-Za-z_]\\w*):(.*)$");
  private static final String SPICE = "{}[]:,-#&*!|>'\"%@`?<=~$ \n\t\r\0\u00e4\u2028${{}}\\0x9%";
  private static final List<String> VALUES =
      List.of(
          " []",
          " {}",
          " null",
          " true",
          " -1",
          " 99999999999999999999",
          " 1e400",
          " .nan",
          " .inf",
          " ''",
          " \"\\0\\u0007\"",
          " [[[[[[[[x]]]]]]]]",
          " { a: { b: { c: [1, { d: e }] } } }",
          " !!binary aGk=",
          " 2020-01-01",
          " '{{ a | b(c) }}'",
          " '{% for x in y %}{{ x }}'",
          " '${{ steps.a }}'",
          " '<< parameters.x >>'",
          " '${X:-`date`}'",
          " \"" + "x".repeat(5_000) + "\"",
          " '" + "(".repeat(300) + "'",
          " '{{ " + "(".repeat(300) + " }}'",
          " '" + "!".repeat(2_000) + "x'",
          " 'a && b || (c'",
          " &anchor [1, 2]",
          " *anchor",
          " *nothing");

  private final Random random;

  Damage(long seed) {
    this.random = new Random(seed);
  }

  String of(String file, List<String> others) {
    String damaged = file;
    int times = 1 + random.nextInt(4);
    for (int i = 0; i < times; i++) {
      damaged = once(damaged, others);
    }
    return damaged;
  }

  private String once(String file, List<String> others) {
    List<String> lines = new ArrayList<>(Arrays.asList(file.split("\n", -1)));
    int at = random.nextInt(lines.size());
    switch (random.nextInt(14)) {
      case 0 -> lines.remove(at);
      case 1 -> lines.add(random.nextInt(lines.size() + 1), lines.get(at));
      case 2 -> lines.set(at, lines.set(random.nextInt(lines.size()), lines.get(at)));
      case 3 -> lines.set(at, renamed(lines.get(at)));
      case 4 -> lines.set(at, retyped(lines.get(at)));
      case 5 -> lines.set(at, "  " + lines.get(at));
      case 6 -> lines.set(at, lines.get(at).replaceFirst("^ {2}", ""));
      case 7 -> lines.add(at, lineOf(others));
      case 8 -> lines.set(at, keyless(lines.get(at)));
      case 9 -> nest(lines, at);
      case 10 -> {
        return file.substring(0, random.nextInt(file.length() + 1));
      }
      default -> {
        return spiced(file);
      }
    }
    return String.join("\n", lines);
  }

  private String lineOf(List<String> others) {
    String[] lines = others.get(random.nextInt(others.size())).split("\n", -1);
    return lines[random.nextInt(lines.length)];
  }

  private String renamed(String line) {
    var key = KEY.matcher(line);
    return key.matches() ? key.group(1) + key.group(2) + "x:" + key.group(3) : line;
  }

  private String retyped(String line) {
    var key = KEY.matcher(line);
    return key.matches()
        ? key.group(1) + key.group(2) + ":" + VALUES.get(random.nextInt(VALUES.size()))
        : line;
  }

  private String keyless(String line) {
    var key = KEY.matcher(line);
    return key.matches() ? key.group(1) + key.group(3).strip() : line;
  }

  /** What follows a line goes one deeper. */
  private void nest(List<String> lines, int at) {
    int until = Math.min(lines.size(), at + 1 + random.nextInt(6));
    for (int i = at; i < until; i++) {
      lines.set(i, "    " + lines.get(i));
    }
  }

  private String spiced(String file) {
    if (file.isEmpty()) {
      return SPICE;
    }
    int at = random.nextInt(file.length());
    int cut = random.nextInt(3) == 0 ? random.nextInt(Math.min(20, file.length() - at) + 1) : 0;
    int from = random.nextInt(SPICE.length());
    int length = 1 + random.nextInt(3);
    String spice = SPICE.substring(from, Math.min(SPICE.length(), from + length));
    return file.substring(0, at) + spice + file.substring(at + cut);
  }
}
