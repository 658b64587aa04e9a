// The outlines of places in a file that an operator gives: GeoJSON (RFC 7946).
#pragma once

#include <cstddef>
#include <string_view>

#include "ledger/base/status.h"
#include "ledger/picture/outlines.h"

namespace fundtrail::pages {

using picture::Outlines;

// What a file may have: its outlines go into a picture that people load, point by point.
inline constexpr std::size_t kMaxOutlinesFile = std::size_t{4} << 20;
inline constexpr std::size_t kMaxOutlines = 3'000;
inline constexpr std::size_t kMaxOutlinePoints = 30'000;  // of all places together
inline constexpr int kMaxOutlineDepth = 12;

// Of a FeatureCollection, each feature of which is a Polygon or a MultiPolygon and has the id of its place as `id`, or as the property `id`.
// INVALID_ARGUMENT, with the feature, for anything else: a text that is no UTF-8 or no JSON, an id that no place can have or that stands
// twice, a ring of fewer than three points, a point that is none on Earth, and more of anything than there may be.
StatusOr<Outlines> ReadOutlines(std::string_view text);

}  // namespace fundtrail::pages
