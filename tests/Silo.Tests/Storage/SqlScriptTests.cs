using Hype.Silo.Storage;

namespace Hype.Silo.Tests.Storage;

public sealed class SqlScriptTests
{
    [TestCase("postgres")]
    [TestCase("sqlite")]
    public void SQL_scripts_contain_the_three_queries_of_the_Orleans_storage_provider(string database)
    {
        var all = string.Concat(SqlScript.Of(database).Select(script => script.Text));
        Assert.That(all, Does.Contain("'WriteToStorageKey'").And.Contain("'ReadFromStorageKey'").And.Contain("'ClearStorageKey'"));
        // The provider reads the new version from the column of this name.
        Assert.That(all, Does.Contain("NewGrainStateVersion"));
    }

    [Test]
    public void Scripts_have_unique_numbers_in_ascending_order()
    {
        var names = SqlScript.Of("postgres").Select(script => script.Name).ToArray();
        Assert.That(names, Is.Not.Empty.And.Ordered.And.All.Matches(@"^\d{4}-[a-z-]+\.sql$"));
        Assert.That(names.Select(name => name[..4]), Is.Unique);
    }

    /// <summary>
    /// Checks that no script ends a transaction: <c>migrate</c> runs each script and its journal entry in one transaction.
    /// </summary>
    [Test]
    public void SQL_scripts_contain_no_BEGIN_COMMIT_or_ROLLBACK_statement() =>
        Assert.That(SqlScript.Of("postgres").Select(script => script.Text), Has.None.Match(@"(?i)\b(BEGIN|COMMIT|ROLLBACK)\s*;"));

    /// <summary>
    /// Checks that a released script never changes. If this test fails, restore the script and put the change into a new one.
    /// </summary>
    [TestCase("0001-grain-state.sql", "a26988f3515b12f0724abb1c568614ae605afc6b2dcd422e7d1379fe61d295b2")]
    public void Released_scripts_do_not_change(string name, string digest) =>
        Assert.That(SqlScript.Of("postgres").Single(script => script.Name == name).Digest, Is.EqualTo(digest));
}
