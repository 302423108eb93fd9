package dev.fanfare.engine;

/** The parts of one decision, so that they can call each other. */
final class Flow {
  final Draft draft;
  final Steps steps;
  final Edges edges;
  final Endings endings;
  final Stops stops;
  final Conditions conditions;
  final Groups groups;
  final Races races;
  final Loops loops;
  final Switches switches;
  final Slots slots;
  final Gates gates;
  final Waits waits;
  final Children children;
  final HookCalls hooks;
  final HookHolds holds;
  final RunHooks runHooks;
  final Runs runs;
  final Reruns reruns;
  final AutoReruns autoReruns;

  Flow(Draft draft) {
    this.draft = draft;
    this.steps = new Steps(this);
    this.edges = new Edges(this);
    this.endings = new Endings(this);
    this.stops = new Stops(this);
    this.conditions = new Conditions(this);
    this.groups = new Groups(this);
    this.races = new Races(this);
    this.loops = new Loops(this);
    this.switches = new Switches(this);
    this.slots = new Slots(this);
    this.gates = new Gates(this);
    this.waits = new Waits(this);
    this.children = new Children(this);
    this.hooks = new HookCalls(this);
    this.holds = new HookHolds(this);
    this.runHooks = new RunHooks(this);
    this.runs = new Runs(this);
    this.reruns = new Reruns(this);
    this.autoReruns = new AutoReruns(this);
    draft.watch(conditions);
  }
}
