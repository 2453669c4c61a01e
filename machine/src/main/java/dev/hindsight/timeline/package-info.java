/**
 * Recordings and what can be done with them.
 *
 * <p>A recording is a machine's description and its inputs, with hashes of its state along the way.
 * {@link dev.hindsight.timeline.Recorder} makes one while a machine runs; {@link
 * dev.hindsight.timeline.Recording} is one that was read back; {@link
 * dev.hindsight.timeline.Replay} runs a machine from it and checks every hash. {@link
 * dev.hindsight.timeline.ScheduleTorture} runs it under settings that must not matter; {@link
 * dev.hindsight.timeline.Timeline} goes to any instant of it, forwards and backwards, and {@link
 * dev.hindsight.timeline.Branch} goes live from there: in a recording of its own, which begins with
 * the same past. What somebody outside changes in a live machine is an {@link
 * dev.hindsight.timeline.Intervention}, which is recorded and replayed as inputs are; {@link
 * dev.hindsight.timeline.BranchTorture} looks whether anything of branches is left where they were.
 *
 * <p>A recording also says where the machine's contents came from ({@link
 * dev.hindsight.timeline.Sources}), and {@link dev.hindsight.timeline.RecordingInfo} what can be
 * said of it without a replay.
 *
 * <p>{@link dev.hindsight.timeline.FirstDifference} finds the first instant at which two runs
 * differ, and tells in a {@link dev.hindsight.timeline.RunDifference} what happened there.
 *
 * <p>This room touches no files: recordings are kept by a {@link
 * dev.hindsight.timeline.RecordingStore}; that in files is in {@code timeline.store}. The format is
 * described in docs/formats/recording.md.
 */
@NullMarked
package dev.hindsight.timeline;

import org.jspecify.annotations.NullMarked;
