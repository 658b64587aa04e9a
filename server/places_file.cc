// See places_file.h.
#include "server/places_file.h"

#include <cstddef>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "ledger/base/files.h"
#include "ledger/base/text.h"
#include "ledger/crypto/sha256.h"

namespace fundtrail::server {
namespace {

constexpr std::size_t kMaxTextShown = 200;

}  // namespace

StatusOr<Places> ReadPlaces(const Config& config) {
  const std::string &path = config.http_places, &licence = config.http_places_licence,
                    &review = config.http_places_review;
  if (path.empty()) {
    if (licence.empty() && review.empty()) return Places();
    return absl::InvalidArgumentError(
        "http_places_licence and http_places_review are of a file: set http_places too");
  }
  if (licence.empty())
    return absl::InvalidArgumentError(
        "http_places_licence: say under which licence the outlines of http_places may be shown");
  for (const auto& [setting, text] :
       {std::pair("http_places_licence", &licence), std::pair("http_places_review", &review)})
    if (text->size() > kMaxTextShown || !IsUtf8(*text))
      return absl::InvalidArgumentError(
          absl::StrCat(setting, " takes a text of at most ", kMaxTextShown, " bytes"));
  FT_ASSIGN_OR_RETURN(const std::string text, ReadFileFront(path, pages::kMaxOutlinesFile + 1));
  auto outlines = pages::ReadOutlines(text);
  if (!outlines.ok()) return Annotate(outlines.status(), absl::StrCat("http_places: ", Escaped(path)));
  outlines->licence = licence;
  outlines->review = review;
  return Places{std::make_shared<const pages::Outlines>(*std::move(outlines)), crypto::Sha256(text).hex()};
}

}  // namespace fundtrail::server
