package dev.fanfare.dsl;

/** Tells whoever shall go on with a run. */
@FunctionalInterface
public interface PauseAction {

  /**
   * Hands the token to whoever shall go on.
   *
   * @param token what {@link Runs#resume} asks for; good once, and as good as a password until then
   */
  void run(Context ctx, String token) throws Exception;
}
