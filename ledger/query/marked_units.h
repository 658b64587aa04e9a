// Which units of a stretch of a number line belong to the money that a question is about.
//
// A trace follows marked units from account to account. Two accounts that pay each other back and forth cut them into
// millions of slivers. But what a transfer moves is a slice of what its payer had, so stretches share their parts. So
// cutting, joining and counting cost O(log n) however many slivers there are.
//
// A persistent balanced tree (joined as in Blelloch, Ferizovic, Sun: "Just Join for Parallel Ordered Sets",
// 2016, with heights as in an AVL tree). Values; copies are cheap and share their nodes.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "ledger/base/quantity.h"

namespace fundtrail::query {

class MarkedUnits {
 public:
  MarkedUnits() = default;  // of no length
  static MarkedUnits None(Amount length) { return {nullptr, length, false}; }
  static MarkedUnits All(Amount length) { return {nullptr, length, !length.is_zero()}; }

  Amount length() const { return length_; }
  // How many units are marked.
  Amount count() const;

  // `other` behind this one. The lengths together must fit in 63 bits.
  MarkedUnits Then(const MarkedUnits& other) const;
  // The units [from, to) of it, counted from 0; they must be in it.
  MarkedUnits Slice(Amount from, Amount to) const;
  // What was marked is not, and the other way round.
  MarkedUnits Inverted() const;

  // The first marked unit at or after `from`, or nothing.
  std::optional<Amount> NextMarked(Amount from) const;
  // The marked runs in order, as distances from the beginning, `most` at the most.
  struct Run {
    Amount from, to;
    friend bool operator==(const Run&, const Run&) = default;
  };
  std::vector<Run> Runs(std::size_t most) const;

  // Of the tree, for tests: it stays in proportion to the logarithm of the number of runs.
  int height() const;

 private:
  struct Node;
  MarkedUnits(std::shared_ptr<const Node> node, Amount length, bool inverted)
      : node_(std::move(node)), length_(length), inverted_(inverted) {}

  bool is_run() const { return node_ == nullptr; }  // all marked, or none
  MarkedUnits left() const;
  MarkedUnits right() const;
  static MarkedUnits Of(const MarkedUnits& left, const MarkedUnits& right);
  static MarkedUnits Join(const MarkedUnits& left, const MarkedUnits& right);
  static MarkedUnits JoinRight(const MarkedUnits& left, const MarkedUnits& right);
  static MarkedUnits JoinLeft(const MarkedUnits& left, const MarkedUnits& right);
  MarkedUnits First(Amount length) const;
  MarkedUnits Without(Amount first) const;

  std::shared_ptr<const Node> node_;  // null: a run, as nearly all are
  Amount length_;
  bool inverted_ = false;  // the marks are the opposite of what the node says; a run without a node is marked
};

}  // namespace fundtrail::query
