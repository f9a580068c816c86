using Hype.Silo.Storage;

namespace Hype.Silo.Tests.Storage;

public sealed class SqlScriptTests
{
    [TestCase("postgres")]
    [TestCase("sqlite")]
    public void Storage_provider_finds_its_three_statements(string database)
    {
        var all = string.Concat(SqlScript.Of(database).Select(script => script.Text));
        Assert.That(all, Does.Contain("'WriteToStorageKey'").And.Contain("'ReadFromStorageKey'").And.Contain("'ClearStorageKey'"));
        // The provider reads the new version by this name.
        Assert.That(all, Does.Contain("NewGrainStateVersion"));
    }

    [Test]
    public void Scripts_have_a_unique_order()
    {
        var names = SqlScript.Of("postgres").Select(script => script.Name).ToArray();
        Assert.That(names, Is.Not.Empty.And.Ordered.And.All.Matches(@"^\d{4}-[a-z-]+\.sql$"));
        Assert.That(names.Select(name => name[..4]), Is.Unique);
    }

    /// <summary><c>migrate</c> runs each script in its own transaction, together with its journal entry.</summary>
    [Test]
    public void Scripts_do_not_end_their_transaction() =>
        Assert.That(SqlScript.Of("postgres").Select(script => script.Text), Has.None.Match(@"(?i)\b(BEGIN|COMMIT|ROLLBACK)\s*;"));

    /// <summary>
    /// A failure here means that a script was changed after a release: restore it, and put the change into a new script.
    /// </summary>
    [TestCase("0001-grain-state.sql", "a26988f3515b12f0724abb1c568614ae605afc6b2dcd422e7d1379fe61d295b2")]
    public void Released_scripts_do_not_change(string name, string digest) =>
        Assert.That(SqlScript.Of("postgres").Single(script => script.Name == name).Digest, Is.EqualTo(digest));
}
