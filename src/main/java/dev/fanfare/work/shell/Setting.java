package dev.fanfare.work.shell;

import dev.fanfare.work.Assignment;
import dev.fanfare.work.Input.ShellInput;
import dev.fanfare.work.WorkException;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * What one script is started with.
 *
 * @param text the script, with all that is to be replaced in it
 * @param environment all of it
 * @param tools those that were put on its path
 * @param before what scripts before it have exported
 */
record Setting(String text, Map<String, String> environment, Tools tools, Exports before) {

  /**
   * Puts it together, and the tools into the scratch folder.
   *
   * @param inherited names of the engine's environment variables that a script sees
   * @throws WorkException code {@code env_invalid}, {@code tools_unknown} or {@code
   *     exports_unreadable}
   */
  static Setting of(Assignment assignment, ShellInput input, Scratch scratch, Set<String> inherited)
      throws WorkException, IOException {
    String written = String.join("\n", input.commands()) + "\n";
    if (input.tools().isEmpty()) {
      return new Setting(
          checked(new Replacement(input.replaced()).in(written)),
          Environment.of(assignment, input.env(), scratch, inherited),
          Tools.NONE,
          Exports.NONE);
    }
    Tools tools = Tools.named(input.tools().get()).in(assignment.workspace(), scratch);
    Exports before =
        tools.exports().isPresent() ? Exports.before(assignment.workspace()) : Exports.NONE;
    Map<String, String> texts = new LinkedHashMap<>(tools.texts());
    before
        .values()
        .forEach((name, value) -> texts.put(tools.reference().replace("%", name), value));
    Map<String, String> replaced = new LinkedHashMap<>(input.replaced());
    replaced.putAll(texts);
    Map<String, String> environment =
        Environment.of(assignment, given(input, tools, before, texts), scratch, inherited);
    tools.install(scratch.programs());
    environment.merge("PATH", scratch.programs().toString(), (path, first) -> first + ":" + path);
    if (tools.exports().isPresent()) {
      environment.put("FANFARE_EXPORTS", scratch.exports().toString());
      environment.put("FANFARE_MASKED", scratch.masked().toString());
    }
    return new Setting(checked(new Replacement(replaced).in(written)), environment, tools, before);
  }

  private static Map<String, String> given(
      ShellInput input, Tools tools, Exports before, Map<String, String> texts) {
    Replacement replacement = new Replacement(texts);
    Map<String, String> given = new LinkedHashMap<>();
    input.env().forEach((name, value) -> given.put(name, replacement.in(value)));
    given.putAll(tools.env());
    given.putAll(before.values());
    return given;
  }

  private static String checked(String script) throws WorkException {
    if (script.indexOf('\0') >= 0) {
      throw new WorkException(
          "env_invalid",
          "A value that is to be put into the script holds a NUL character, which no script can"
              + " carry. Hand it over in a file.");
    }
    return script;
  }
}
