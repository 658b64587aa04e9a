// See marks.h. A leaf is a run without marks, and inverted one that is all marked.
#include "ledger/query/marks.h"

#include <algorithm>
#include <cassert>
#include <utility>

namespace fundtrail::query {

struct Marks::Node {
  Marks left, right;  // of no length in a leaf
  Amount length;
  Amount count;
  int height = 0;
};

Marks Marks::None(Amount length) {
  if (length.is_zero()) return {};
  return {std::make_shared<const Node>(Node{{}, {}, length, Amount(0), 0}), false};
}

Marks Marks::All(Amount length) { return None(length).Inverted(); }

Amount Marks::length() const { return node_ ? node_->length : Amount(0); }

Amount Marks::count() const {
  if (!node_) return Amount(0);
  return inverted_ ? node_->length - node_->count : node_->count;
}

int Marks::height() const { return node_ ? node_->height : 0; }

bool Marks::is_run() const { return height() == 0; }

Marks Marks::Inverted() const { return {node_, node_ != nullptr && !inverted_}; }

Marks Marks::left() const { return inverted_ ? node_->left.Inverted() : node_->left; }
Marks Marks::right() const { return inverted_ ? node_->right.Inverted() : node_->right; }

// Two that have a length, over one node; runs that are alike become one.
Marks Marks::Of(const Marks& left, const Marks& right) {
  const Amount length = left.length() + right.length();
  if (left.is_run() && right.is_run() && left.inverted_ == right.inverted_) {
    return {None(length).node_, left.inverted_};
  }
  const int height = std::max(left.height(), right.height()) + 1;
  return {std::make_shared<const Node>(Node{left, right, length, left.count() + right.count(), height}),
          false};
}

// `left` is the higher one: down its right side to where `right` fits.
Marks Marks::JoinRight(const Marks& left, const Marks& right) {
  const Marks outer = left.left();
  const Marks inner = Join(left.right(), right);
  if (inner.height() <= outer.height() + 1) return Of(outer, inner);
  const Marks inner_left = inner.left();
  const Marks inner_right = inner.right();
  if (inner_left.height() <= inner_right.height()) return Of(Of(outer, inner_left), inner_right);
  return Of(Of(outer, inner_left.left()), Of(inner_left.right(), inner_right));
}

Marks Marks::JoinLeft(const Marks& left, const Marks& right) {
  const Marks outer = right.right();
  const Marks inner = Join(left, right.left());
  if (inner.height() <= outer.height() + 1) return Of(inner, outer);
  const Marks inner_left = inner.left();
  const Marks inner_right = inner.right();
  if (inner_right.height() <= inner_left.height()) return Of(inner_left, Of(inner_right, outer));
  return Of(Of(inner_left, inner_right.left()), Of(inner_right.right(), outer));
}

Marks Marks::Join(const Marks& left, const Marks& right) {
  if (!left.node_) return right;
  if (!right.node_) return left;
  if (left.height() > right.height() + 1) return JoinRight(left, right);
  if (right.height() > left.height() + 1) return JoinLeft(left, right);
  return Of(left, right);
}

Marks Marks::Then(const Marks& other) const { return Join(*this, other); }

Marks Marks::First(Amount length) const {
  if (length.is_zero()) return {};
  if (length == this->length()) return *this;
  if (is_run()) return {None(length).node_, inverted_};
  const Amount before = left().length();
  if (length <= before) return left().First(length);
  return Join(left(), right().First(length - before));
}

Marks Marks::Without(Amount first) const {
  if (first.is_zero()) return *this;
  if (first == length()) return {};
  if (is_run()) return {None(length() - first).node_, inverted_};
  const Amount before = left().length();
  if (first >= before) return right().Without(first - before);
  return Join(left().Without(first), right());
}

Marks Marks::Slice(Amount from, Amount to) const {
  assert(from <= to && to <= length());
  return First(to).Without(from);
}

std::optional<Amount> Marks::NextMarked(Amount from) const {
  if (from >= length() || count().is_zero()) return std::nullopt;
  if (is_run()) return from;
  const Amount before = left().length();
  if (from < before) {
    const auto found = left().NextMarked(from);
    if (found.has_value()) return found;
    from = before;
  }
  const auto found = right().NextMarked(from - before);
  if (!found.has_value()) return std::nullopt;
  return before + *found;
}

std::vector<Marks::Run> Marks::Runs(std::size_t most) const {
  std::vector<Run> runs;
  const Marks opposite = Inverted();
  auto from = NextMarked(Amount(0));
  while (from.has_value() && runs.size() < most) {
    const Amount to = opposite.NextMarked(*from).value_or(length());
    runs.push_back({*from, to});
    from = NextMarked(to);
  }
  return runs;
}

}  // namespace fundtrail::query
