using System.Globalization;
using Orleans.Configuration;
using Orleans.Versions.Compatibility;
using Orleans.Versions.Selector;

namespace Hype.Contracts.Tests.Frozen;

/// <summary>
/// Tests that a grain interface gets a higher version when its methods change. During an upgrade, Orleans then sends no call of a new
/// method to an activation of the old version.
/// </summary>
public sealed class GrainVersionTests
{
    private const string List = "tests/Contracts.Tests/Frozen/grain-interfaces.txt";

    private static readonly GrainInterface[] Interfaces = [.. SerializedTypes.GrainInterfaces()];

    private static string[] Frozen =>
        [.. File.ReadAllLines(Path.Combine(Repository.Root, List)).Where(line => line.Length > 0 && line[0] != '#')];

    [OneTimeSetUp]
    public void AddNewVersions()
    {
        if (!WriteDown.Wanted)
            return;
        var frozen = Frozen;
        var added = Interfaces.Where(one => !frozen.Any(line => IsOf(one, line))).Select(one => one.Line);
        File.WriteAllLines(
            Path.Combine(Repository.Root, List),
            [
                "# A digest of the methods of each version of a grain interface (GrainVersionTests). Lines are added, never changed.",
                .. frozen.Union(added).Order(StringComparer.Ordinal),
            ]);
    }

    [Test]
    public void Every_grain_interface_has_a_version() =>
        Assert.That(Interfaces.Where(one => one.Version == 0).Select(one => one.Alias), Is.Empty);

    [Test]
    public void Interface_with_changed_methods_has_a_higher_version()
    {
        Assert.That(
            Interfaces.Where(one => Frozen.Any(line => IsOf(one, line) && line != one.Line)).Select(one => one.Name),
            Is.Empty,
            $"The methods of these versions changed: raise [Version], then {WriteDown.Command} Before a release, delete their lines in "
                + $"{List} instead.");
        Assert.That(Interfaces.Select(one => one.Line).Except(Frozen), Is.Empty, $"New, which is allowed: {WriteDown.Command}");
    }

    [Test]
    public void Interface_has_the_highest_version_of_the_list() => Assert.That(
        Interfaces.Where(one => Frozen.Select(line => line.Split(' ')).Any(
            line => line[0] == one.Alias && ushort.Parse(line[1], CultureInfo.InvariantCulture) > one.Version)).Select(one => one.Name),
        Is.Empty);

    [Test]
    public void Shape_of_an_interface_depends_on_each_of_its_methods()
    {
        var one = new GrainInterface("a.IGrain", 1, ["a.IGrain.Do(): Task"]);
        Assert.That((one with { Methods = ["a.IGrain.Do(Int32): Task"] }).Line, Is.Not.EqualTo(one.Line));
        Assert.That((one with { Methods = [.. one.Methods, "a.IGrain.Other(): Task"] }).Line, Is.Not.EqualTo(one.Line));
        Assert.That((one with { Methods = [.. one.Methods] }).Line, Is.EqualTo(one.Line));
    }

    /// <summary>
    /// The silos use the defaults of Orleans: a new caller reaches only activations of its version or a newer one, and an old caller
    /// reaches both. A new activation may have any compatible version, so that it stays in the caller's region.
    /// </summary>
    [Test]
    public void Versions_are_backward_compatible_by_default()
    {
        var options = new GrainVersioningOptions();
        Assert.That(
            (options.DefaultCompatibilityStrategy, options.DefaultVersionSelectorStrategy),
            Is.EqualTo((nameof(BackwardCompatible), nameof(AllCompatibleVersions))));
    }

    private static bool IsOf(GrainInterface one, string line) => line.StartsWith($"{one.Name} ", StringComparison.Ordinal);
}
