// security.txt: read as the operator wrote it, served as it is, and nowhere when it is not set.
#include "server/security_txt.h"

#include <catch2/catch.hpp>
#include <fstream>
#include <string>

#include "tests/server/http_desk.h"
#include "tests/support/temp_dir.h"
#include "tests/support/text.h"

namespace fundtrail::testing {
namespace {

constexpr char kSecurityText[] = "Contact: mailto:safe@aid.example\nExpires: 2030-01-01T00:00:00Z\n";

TEST_CASE("security.txt needs a contact and the day on which it expires, and none is set by itself") {
  const TempDir dir;
  const auto read = [&](const std::string& text) {
    std::ofstream(dir / "security.txt") << text;
    return server::ReadSecurityTxt(dir / "security.txt");
  };
  CHECK(Need(server::ReadSecurityTxt("")).empty());
  CHECK(Need(read(kSecurityText)) == kSecurityText);
  CHECK(read("expires: 2030-01-01T00:00:00Z\ncontact: https://aid.example/safe\n").ok());  // no case
  CHECK_THAT(std::string(read("Contact: mailto:safe@aid.example\n").status().message()),
             Contains("Expires:"));
  CHECK_THAT(std::string(read("# Contact: nobody\nExpires: 2030-01-01T00:00:00Z\n").status().message()),
             Contains("Contact:"));
  CHECK(absl::IsInvalidArgument(read(kSecurityText + std::string(32 << 10, '#')).status()));
  CHECK(absl::IsNotFound(server::ReadSecurityTxt(dir / "none.txt").status()));
}

TEST_CASE("security.txt is served where it is set, and nothing is there otherwise") {
  const auto no_page = [](const query::View&, const pages::PageRequest&) -> StatusOr<pages::Page> {
    return absl::NotFoundError("this site has no such page");
  };
  server::HttpSettings settings;
  settings.security_txt = kSecurityText;
  const HttpDesk desk({}, 1, settings, no_page);
  const auto there = desk.Get(server::kSecurityTxtPath);
  CHECK(there.status == 200);
  CHECK(there.body == kSecurityText);
  CHECK_THAT(there.head, Contains("Content-Type: text/plain; charset=utf-8\r\n"));
  CHECK(desk.Get(server::kSecurityTxtPath, "", "HEAD").status == 200);
  const HttpDesk none({}, 1, {}, no_page);
  CHECK(none.Get(server::kSecurityTxtPath).status == 404);
}

}  // namespace
}  // namespace fundtrail::testing
