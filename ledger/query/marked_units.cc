// See marked_units.h. A leaf is a run, and stands in its parent: a run alone needs no memory.
#include "ledger/query/marked_units.h"

#include <algorithm>
#include <cassert>
#include <utility>

namespace fundtrail::query {

struct MarkedUnits::Node {
  MarkedUnits left, right;
  Amount count;
  int height = 1;
};

Amount MarkedUnits::count() const {
  if (is_run()) return inverted_ ? length_ : Amount(0);
  return inverted_ ? length_ - node_->count : node_->count;
}

int MarkedUnits::height() const { return is_run() ? 0 : node_->height; }

MarkedUnits MarkedUnits::Inverted() const { return {node_, length_, !length_.is_zero() && !inverted_}; }

MarkedUnits MarkedUnits::left() const { return inverted_ ? node_->left.Inverted() : node_->left; }
MarkedUnits MarkedUnits::right() const { return inverted_ ? node_->right.Inverted() : node_->right; }

// Two that have a length, over one node; runs that are alike become one.
MarkedUnits MarkedUnits::Of(const MarkedUnits& left, const MarkedUnits& right) {
  const Amount length = left.length() + right.length();
  if (left.is_run() && right.is_run() && left.inverted_ == right.inverted_) {
    return {nullptr, length, left.inverted_};
  }
  const int height = std::max(left.height(), right.height()) + 1;
  return {std::make_shared<const Node>(Node{left, right, left.count() + right.count(), height}), length,
          false};
}

// `left` is the higher one: down its right side to where `right` fits.
MarkedUnits MarkedUnits::JoinRight(const MarkedUnits& left, const MarkedUnits& right) {
  const MarkedUnits outer = left.left();
  const MarkedUnits inner = Join(left.right(), right);
  if (inner.height() <= outer.height() + 1) return Of(outer, inner);
  const MarkedUnits inner_left = inner.left();
  const MarkedUnits inner_right = inner.right();
  if (inner_left.height() <= inner_right.height()) return Of(Of(outer, inner_left), inner_right);
  return Of(Of(outer, inner_left.left()), Of(inner_left.right(), inner_right));
}

MarkedUnits MarkedUnits::JoinLeft(const MarkedUnits& left, const MarkedUnits& right) {
  const MarkedUnits outer = right.right();
  const MarkedUnits inner = Join(left, right.left());
  if (inner.height() <= outer.height() + 1) return Of(inner, outer);
  const MarkedUnits inner_left = inner.left();
  const MarkedUnits inner_right = inner.right();
  if (inner_right.height() <= inner_left.height()) return Of(inner_left, Of(inner_right, outer));
  return Of(Of(inner_left, inner_right.left()), Of(inner_right.right(), outer));
}

MarkedUnits MarkedUnits::Join(const MarkedUnits& left, const MarkedUnits& right) {
  if (left.length().is_zero()) return right;
  if (right.length().is_zero()) return left;
  if (left.height() > right.height() + 1) return JoinRight(left, right);
  if (right.height() > left.height() + 1) return JoinLeft(left, right);
  return Of(left, right);
}

MarkedUnits MarkedUnits::Then(const MarkedUnits& other) const { return Join(*this, other); }

MarkedUnits MarkedUnits::First(Amount length) const {
  if (length.is_zero()) return {};
  if (length == this->length()) return *this;
  if (is_run()) return {nullptr, length, inverted_};
  const Amount before = left().length();
  if (length <= before) return left().First(length);
  return Join(left(), right().First(length - before));
}

MarkedUnits MarkedUnits::Without(Amount first) const {
  if (first.is_zero()) return *this;
  if (first == length()) return {};
  if (is_run()) return {nullptr, length() - first, inverted_};
  const Amount before = left().length();
  if (first >= before) return right().Without(first - before);
  return Join(left().Without(first), right());
}

MarkedUnits MarkedUnits::Slice(Amount from, Amount to) const {
  assert(from <= to && to <= length());
  return First(to).Without(from);
}

std::optional<Amount> MarkedUnits::NextMarked(Amount from) const {
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

std::vector<MarkedUnits::Run> MarkedUnits::Runs(std::size_t most) const {
  std::vector<Run> runs;
  const MarkedUnits opposite = Inverted();
  auto from = NextMarked(Amount(0));
  while (from.has_value() && runs.size() < most) {
    const Amount to = opposite.NextMarked(*from).value_or(length());
    runs.push_back({*from, to});
    from = NextMarked(to);
  }
  return runs;
}

}  // namespace fundtrail::query
