using Hype.Clustering;
using Hype.Silo.Storage;
using Microsoft.Extensions.Configuration;

namespace Hype.Silo.Tests.Storage;

public sealed class StorageOptionsTests
{
    private const string Connection = "Host=one,two;Database=hype;Username=hype;Password=swordfish";

    [TestCase("")]
    [TestCase("data/")]
    public void Embedded_storage_without_a_file_name_is_refused(string path) =>
        Assert.That(Errors("Embedded", new StorageOptions { Path = path }), Has.One.Contains("Hype:Storage:Path"));

    [Test]
    public void Storage_of_a_cluster_is_valid_only_with_a_PostgreSQL_connection()
    {
        Assert.That(Errors("Redis", new StorageOptions { Path = "", PostgreSql = Connection }), Is.Empty);
        Assert.That(Errors("Redis", new StorageOptions()), Has.One.Contains("Hype:Storage:PostgreSql"));
    }

    [TestCase("Host=one;Database=hype;Password=swordfish")]
    [TestCase("Host=one;Database=hype;Username=hype;Passwort=swordfish")]
    public void Error_for_an_invalid_connection_does_not_contain_the_password(string connection) =>
        Assert.That(Errors("Redis", new StorageOptions { PostgreSql = connection }), Has.Exactly(1).Items.And.None.Contains("swordfish"));

    [Test]
    public void Options_converted_to_text_do_not_contain_the_password() =>
        Assert.That(new StorageOptions { PostgreSql = Connection }.ToString(), Does.Not.Contain("swordfish"));

    [Test]
    public void Displayed_location_of_the_database_contains_no_password() =>
        Assert.That(new PostgreSqlGrainDatabase(Connection).Place, Is.EqualTo("one,two/hype"));

    [Test]
    public void PostgreSQL_timeouts_default_to_five_seconds_and_can_be_configured()
    {
        Assert.That(
            new PostgreSqlGrainDatabase(Connection).ConnectionString, Does.Contain("Timeout=5").And.Contain("Command Timeout=5"));
        Assert.That(new PostgreSqlGrainDatabase($"{Connection};Command Timeout=7").ConnectionString, Does.Contain("Command Timeout=7"));
    }

    private static IEnumerable<string> Errors(string provider, StorageOptions options)
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection([new($"{ClusterOptions.Section}:{nameof(ClusterOptions.Provider)}", provider)]).Build();
        return new StorageOptionsValidator(configuration).Validate(null, options).Failures ?? [];
    }
}
