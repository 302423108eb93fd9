package dev.fanfare.engine;

/** The parts of one decision, so that they can call each other. */
final class Flow {
  final Draft draft;
  final Steps steps;
  final Edges edges;
  final Endings endings;
  final Stops stops;
  final Groups groups;
  final Races races;
  final Slots slots;
  final Runs runs;

  Flow(Draft draft) {
    this.draft = draft;
    this.steps = new Steps(this);
    this.edges = new Edges(this);
    this.endings = new Endings(this);
    this.stops = new Stops(this);
    this.groups = new Groups(this);
    this.races = new Races(this);
    this.slots = new Slots(this);
    this.runs = new Runs(this);
  }
}
