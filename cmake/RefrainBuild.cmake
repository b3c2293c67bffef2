# How every target of the project is compiled, and how modules, tests, benchmarks and fuzzers are declared.

set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
if(NOT CMAKE_BUILD_TYPE AND NOT CMAKE_CONFIGURATION_TYPES)
  set(CMAKE_BUILD_TYPE Release)
endif()

set(REFRAIN_SANITIZE "" CACHE STRING "Sanitizers, as -fsanitize= takes them: address,undefined or thread")
if(REFRAIN_FUZZ)
  set(REFRAIN_SANITIZE address,undefined)
  # clang does not know that the deprecated name is used inside GNU's std::stable_sort.
  add_compile_options(-fsanitize=fuzzer-no-link -Wno-deprecated-declarations)
endif()
if(REFRAIN_SANITIZE)
  add_compile_options(-fsanitize=${REFRAIN_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
  add_link_options(-fsanitize=${REFRAIN_SANITIZE})
endif()

# refrain_limit(TEST SECONDS): after how long it counts as hanging. Sanitized code takes about ten times as long; scripts see
# that from REFRAIN_SANITIZED.
set(REFRAIN_PATIENCE 1)
if(REFRAIN_SANITIZE)
  set(REFRAIN_PATIENCE 10)
endif()
function(refrain_limit test seconds)
  math(EXPR limit "${seconds} * ${REFRAIN_PATIENCE}")
  set_tests_properties(${test} PROPERTIES TIMEOUT ${limit})
  if(REFRAIN_SANITIZE)
    set_property(TEST ${test} APPEND PROPERTY ENVIRONMENT REFRAIN_SANITIZED=1)
  endif()
endfunction()

# One result on every machine: where a product and a sum may be one instruction, they are rounded once instead of twice, and
# what is chosen by such a number (banding) would be chosen otherwise.
add_compile_options(-ffp-contract=off)

if(PROJECT_IS_TOP_LEVEL)
  set(REFRAIN_WARNINGS -Wall -Wextra -Wshadow -Wno-missing-field-initializers)
endif()

# refrain_version: writes refrain/base/version.h at each build, and touches it only when the commit changed.
# Link refrain::version to include it.
set(REFRAIN_GENERATED ${PROJECT_BINARY_DIR}/generated)
set(version_command ${CMAKE_COMMAND}
  -DTEMPLATE=${PROJECT_SOURCE_DIR}/cmake/version.h.in -DOUTPUT=${REFRAIN_GENERATED}/refrain/base/version.h
  -DSOURCE=${PROJECT_SOURCE_DIR} -DVERSION=${PROJECT_VERSION} -P ${PROJECT_SOURCE_DIR}/cmake/RefrainVersion.cmake)
add_custom_target(refrain_version_header ALL COMMAND ${version_command} VERBATIM
  COMMENT "Looking up the commit" BYPRODUCTS ${REFRAIN_GENERATED}/refrain/base/version.h)
add_library(refrain_version INTERFACE)
add_library(refrain::version ALIAS refrain_version)
set_target_properties(refrain_version PROPERTIES EXPORT_NAME version)
target_include_directories(refrain_version INTERFACE
  $<BUILD_INTERFACE:${REFRAIN_GENERATED}>
  $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>)
add_dependencies(refrain_version refrain_version_header)
install(FILES ${REFRAIN_GENERATED}/refrain/base/version.h DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/refrain/base)

# refrain_module(NAME SOURCES a.cc... HEADERS a.h... [PUBLIC lib...] [PRIVATE lib...])
# One static library refrain_NAME, alias refrain::NAME; HEADERS are installed.
function(refrain_module name)
  cmake_parse_arguments(ARG "" "" "SOURCES;HEADERS;PUBLIC;PRIVATE" ${ARGN})
  set(target refrain_${name})
  add_library(${target} STATIC ${ARG_SOURCES} ${ARG_HEADERS})
  add_library(refrain::${name} ALIAS ${target})
  set_target_properties(${target} PROPERTIES EXPORT_NAME ${name})
  target_include_directories(${target} PUBLIC
    $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}/lib>
    $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>)
  target_compile_features(${target} PUBLIC cxx_std_20)
  target_compile_options(${target} PRIVATE ${REFRAIN_WARNINGS})
  target_link_libraries(${target} PUBLIC ${ARG_PUBLIC} PRIVATE ${ARG_PRIVATE})
  set_property(GLOBAL APPEND PROPERTY REFRAIN_MODULES ${target})
  foreach(header IN LISTS ARG_HEADERS)
    install(FILES ${header} DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/refrain/${name})
  endforeach()
endfunction()

# refrain_test(MODULE/UNIT_test [KERNEL] [SOURCES more.cc...] [LIBS lib...]) builds tests/MODULE/UNIT_test.cc with GoogleTest.
# KERNEL: it goes through hot loops of every vector unit, and belongs to what is tested for other processors (kernel_tests).
add_custom_target(kernel_tests)
function(refrain_test path)
  cmake_parse_arguments(ARG "KERNEL" "" "SOURCES;LIBS" ${ARGN})
  string(REPLACE "/" "_" target ${path})
  add_executable(${target} ${PROJECT_SOURCE_DIR}/tests/${path}.cc ${ARG_SOURCES})
  target_include_directories(${target} PRIVATE ${PROJECT_SOURCE_DIR})
  target_compile_options(${target} PRIVATE ${REFRAIN_WARNINGS})
  target_link_libraries(${target} PRIVATE ${ARG_LIBS} GTest::gtest_main GTest::gmock)
  math(EXPR limit "300 * ${REFRAIN_PATIENCE}")
  set(labels)
  if(ARG_KERNEL)
    add_dependencies(kernel_tests ${target})
    set(labels LABELS kernel)
  endif()
  gtest_discover_tests(${target} TEST_PREFIX "${path}." DISCOVERY_TIMEOUT 60 PROPERTIES TIMEOUT ${limit} ${labels})
endfunction()

# refrain_bench(UNIT_bench [SOURCES more.cc...] [LIBS lib...]) builds bench/UNIT_bench.cc with Google Benchmark. Among the tests
# each benchmark runs as briefly as it can: that checks its results, not its time.
function(refrain_bench name)
  cmake_parse_arguments(ARG "" "" "SOURCES;LIBS" ${ARGN})
  add_executable(${name} ${PROJECT_SOURCE_DIR}/bench/${name}.cc ${ARG_SOURCES})
  target_include_directories(${name} PRIVATE ${PROJECT_SOURCE_DIR})
  target_compile_options(${name} PRIVATE ${REFRAIN_WARNINGS})
  target_link_libraries(${name} PRIVATE ${ARG_LIBS} benchmark::benchmark_main)
  if(REFRAIN_TESTS)
    add_test(NAME bench/${name} COMMAND ${name} --benchmark_min_time=0.001)
    refrain_limit(bench/${name} 300)
    set_tests_properties(bench/${name} PROPERTIES FAIL_REGULAR_EXPRESSION "ERROR OCCURRED")
  endif()
endfunction()

# refrain_fuzzer(UNIT_fuzz [LIBS lib...]) builds tests/fuzz/UNIT_fuzz.cc, which defines LLVMFuzzerTestOneInput: a fuzzer with
# REFRAIN_FUZZ, else a test that replays the inputs kept in tests/fuzz/seeds/UNIT.
function(refrain_fuzzer name)
  cmake_parse_arguments(ARG "" "" "LIBS" ${ARGN})
  string(REGEX REPLACE "_fuzz$" "" unit ${name})
  set(seeds ${PROJECT_SOURCE_DIR}/tests/fuzz/seeds/${unit})
  add_executable(${name} ${PROJECT_SOURCE_DIR}/tests/fuzz/${name}.cc)
  target_include_directories(${name} PRIVATE ${PROJECT_SOURCE_DIR})
  target_compile_options(${name} PRIVATE ${REFRAIN_WARNINGS})
  target_link_libraries(${name} PRIVATE ${ARG_LIBS})
  if(REFRAIN_FUZZ)
    target_link_options(${name} PRIVATE -fsanitize=fuzzer)
  else()
    target_sources(${name} PRIVATE ${PROJECT_SOURCE_DIR}/tests/fuzz/replay.cc)
    add_test(NAME fuzz/${unit} COMMAND ${name} ${seeds})
    refrain_limit(fuzz/${unit} 300)
  endif()
endfunction()
