namespace Hype.Contracts.Tests.Frozen;

/// <summary>
/// A list of names and numbers that other versions depend on, stored in a text file of this folder. After a release, lines may be added
/// to it, but never changed or removed, because messages and records of older versions contain them.
/// </summary>
internal sealed class FrozenList(string file)
{
    private readonly string _path = $"tests/Contracts.Tests/Frozen/{file}";

    /// <param name="now">The lines of the current code.</param>
    /// <param name="broken">The advice for a changed or removed line.</param>
    public void AssertHolds(IEnumerable<string> now, string broken)
    {
        var present = now.ToArray();
        if (WriteDown.Wanted)
            Add(present);
        var frozen = Read();
        Assert.Multiple(() =>
        {
            Assert.That(frozen.Except(present), Is.Empty, $"{broken} The lines below stand in {_path} and not in the code.");
            Assert.That(present.Except(frozen), Is.Empty, $"New, which is allowed: {WriteDown.Command}");
        });
    }

    /// <summary>Adds new lines to the file, and removes none.</summary>
    private void Add(IEnumerable<string> now)
    {
        var lines = Read().Union(now).Order(StringComparer.Ordinal).ToArray();
        File.WriteAllLines(Path.Combine(Repository.Root, _path), [.. Heading(), .. lines]);
    }

    private string[] Read() => [.. Lines().Where(line => line.Length > 0 && !line.StartsWith('#'))];

    private string[] Heading() => [.. Lines().TakeWhile(line => line.StartsWith('#'))];

    private string[] Lines() => File.ReadAllLines(Path.Combine(Repository.Root, _path));
}
