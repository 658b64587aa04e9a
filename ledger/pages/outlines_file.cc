// See outlines_file.h.
#include "ledger/pages/outlines_file.h"

#include <cmath>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "ledger/base/id.h"
#include "ledger/base/text.h"
#include "nlohmann/json.hpp"

namespace fundtrail::pages {
namespace {

using Json = nlohmann::json;
using picture::GeoPoint;
using picture::Ring;

Status BadOutlines(const std::string& what) { return absl::InvalidArgumentError("the outlines: " + what); }

// Before anything is made of the text. Brackets in strings count for nothing.
bool IsDeep(std::string_view text) {
  int depth = 0;
  bool in_string = false;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const char c = text[at];
    if (in_string) {
      if (c == '\\') ++at;
      if (c == '"') in_string = false;
    } else if (c == '"') {
      in_string = true;
    } else if (c == '[' || c == '{') {
      if (++depth > kMaxOutlineDepth) return true;
    } else if (c == ']' || c == '}') {
      --depth;
    }
  }
  return false;
}

// The member of an object; null where there is none.
const Json* MemberOf(const Json& object, const char* name) {
  if (!object.is_object()) return nullptr;
  const auto found = object.find(name);
  return found == object.end() ? nullptr : &*found;
}

bool IsText(const Json* value, std::string_view text) {
  return value != nullptr && value->is_string() && value->get_ref<const std::string&>() == text;
}

// A number is one that somebody wrote without quotes.
std::string PlaceIdOf(const Json& feature) {
  const Json* id = MemberOf(feature, "id");
  if (id == nullptr)
    if (const Json* const properties = MemberOf(feature, "properties"); properties != nullptr)
      id = MemberOf(*properties, "id");
  if (id == nullptr) return "";
  if (id->is_number_unsigned()) return absl::StrCat(id->get<std::uint64_t>());
  return id->is_string() ? id->get_ref<const std::string&>() : "";
}

class OutlineReader {
 public:
  StatusOr<Outlines> Read(const Json& file) {
    const Json* const features = MemberOf(file, "features");
    if (!IsText(MemberOf(file, "type"), "FeatureCollection") || features == nullptr || !features->is_array())
      return BadOutlines("the file is no FeatureCollection of GeoJSON");
    if (features->size() > kMaxOutlines)
      return BadOutlines(absl::StrCat("there are more than ", kMaxOutlines, " features"));
    for (std::size_t i = 0; i < features->size(); ++i) FT_RETURN_IF_ERROR(Take((*features)[i], i));
    return std::move(outlines_);
  }

 private:
  Status Take(const Json& feature, std::size_t number) {
    at_ = absl::StrCat("features[", number, "]");
    const std::string id = PlaceIdOf(feature);
    if (id.empty() || id.size() > kMaxIdBytes) return Wrong("it has no id, nor a property id, of a place");
    at_ = absl::StrCat(at_, " (", Escaped(id), ")");
    const Json* const geometry = MemberOf(feature, "geometry");
    const Json* const type = geometry == nullptr ? nullptr : MemberOf(*geometry, "type");
    const Json* const parts = geometry == nullptr ? nullptr : MemberOf(*geometry, "coordinates");
    std::vector<Ring> rings;
    if (parts == nullptr || !parts->is_array()) return Wrong("it has no coordinates");
    if (IsText(type, "Polygon")) {
      FT_RETURN_IF_ERROR(AddPolygon(*parts, &rings));
    } else if (IsText(type, "MultiPolygon")) {
      for (const Json& polygon : *parts) FT_RETURN_IF_ERROR(AddPolygon(polygon, &rings));
    } else {
      return Wrong("its geometry is no Polygon and no MultiPolygon");
    }
    if (rings.empty()) return Wrong("it has no ring");
    if (!outlines_.of.emplace(id, std::move(rings)).second) return Wrong("its id stands twice");
    return absl::OkStatus();
  }

  Status AddPolygon(const Json& polygon, std::vector<Ring>* rings) {
    if (!polygon.is_array()) return Wrong("a polygon is no list of rings");
    for (const Json& points : polygon) {
      if (!points.is_array() || points.size() < 3) return Wrong("a ring has fewer than three points");
      Ring ring;
      for (const Json& point : points) {
        if (++points_ > kMaxOutlinePoints)
          return Wrong(absl::StrCat("with it there are more than ", kMaxOutlinePoints, " points"));
        if (!point.is_array() || point.size() < 2 || !point[0].is_number() || !point[1].is_number())
          return Wrong("a point is no pair of numbers");
        const double east = point[0].get<double>(), north = point[1].get<double>();
        if (!(east >= -180 && east <= 180 && north >= -90 && north <= 90))
          return Wrong("a point is not within 180 degrees of longitude and 90 of latitude");
        ring.push_back({static_cast<std::int32_t>(std::lround(east * picture::kDegree)),
                        static_cast<std::int32_t>(std::lround(north * picture::kDegree))});
      }
      rings->push_back(std::move(ring));
    }
    return absl::OkStatus();
  }

  Status Wrong(const std::string& what) const { return BadOutlines(absl::StrCat(at_, ": ", what)); }

  Outlines outlines_;
  std::string at_;
  std::size_t points_ = 0;
};

}  // namespace

StatusOr<Outlines> ReadOutlines(std::string_view text) {
  if (text.size() > kMaxOutlinesFile)
    return BadOutlines(absl::StrCat("the file has more than ", kMaxOutlinesFile, " bytes"));
  if (!IsUtf8(text)) return BadOutlines("the file is no UTF-8");
  if (IsDeep(text)) return BadOutlines(absl::StrCat("the file is deeper than ", kMaxOutlineDepth, " levels"));
  const Json file = Json::parse(text, nullptr, false);
  if (file.is_discarded()) return BadOutlines("the file is no JSON");
  return OutlineReader().Read(file);
}

}  // namespace fundtrail::pages
