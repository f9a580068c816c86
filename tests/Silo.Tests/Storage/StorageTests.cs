using System.Diagnostics;
using Hype.Grains.Abstractions.Channels;
using Hype.Grains.Abstractions.Errors;
using Hype.Grains.Abstractions.Participants;
using Hype.Grains.Tests.Testing;
using Hype.Silo.Clustering;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Hype.Silo.Tests.Storage;

/// <summary>Tests that acknowledged changes survive an orderly stop of the silo and a kill.</summary>
public sealed class StorageTests
{
    private static readonly ChannelSettings Settings = new() { Mode = ModePolicy.P2P, MaxParticipants = 7 };
    private static readonly Ban Ban = new("eve", "noise", new DateTimeOffset(2099, 1, 1, 0, 0, 0, TimeSpan.Zero));

    private TemporaryFolder _folder = null!;

    [SetUp]
    public void NewFolder() => _folder = new TemporaryFolder();

    [TearDown]
    public void RemoveFolder() => _folder.Dispose();

    [Test]
    public async Task Restart_preserves_settings_bans_and_sessions_and_reuses_no_epoch_or_member_number()
    {
        JoinResult ada;
        await using (var silo = await SiloInProcess.Start(_folder.Database))
        {
            await silo.Channel("lobby").UpdateSettings(Settings);
            await silo.Channel("lobby").SetBan(Ban);
            ada = await silo.Join("lobby", "ada", new RecordingGateway("g1"));
        }

        await using var again = await SiloInProcess.Start(_folder.Database);
        var gateway = new RecordingGateway("g2");
        await ExpectStored(again.Channel("lobby"));
        var restored = await again.Channel("lobby").GetSnapshot();
        Assert.That(restored.Participants.Single(), Has.Property("Session").EqualTo(ada.Session).And.Property("Away").True);
        Assert.That(restored.Incarnation, Is.GreaterThan(ada.Snapshot!.Incarnation));

        var resumed = await again.Channel("lobby").Resume(new ResumeRequest(ada.ResumeToken, gateway.In(again.Grains)));
        Assert.That(
            (resumed.Error, resumed.Number, resumed.Snapshot!.Current.Epoch),
            Is.EqualTo((VoiceError.None, ada.Number, new LayoutEpoch(1))));

        var bob = await again.Join("lobby", "bob", gateway);
        Assert.That(bob.Number, Is.GreaterThan(ada.Number));
        Assert.That(await again.Channel("lobby").RequestLayout(ChannelMode.P2P, ModeReason.Requested), Is.EqualTo(VoiceError.None));
        Assert.That((await again.Channel("lobby").GetSnapshot()).Pending!.Epoch.Value, Is.GreaterThan(ChannelCheckpointReserve()));
    }

    [Test]
    public async Task Channel_names_that_are_equal_as_hexadecimal_numbers_have_separate_rows()
    {
        string[] names = ["a", "A", "0a", "10", "b94d27b9934d3e08a52e52d7da7dabfa"];
        await using (var silo = await SiloInProcess.Start(_folder.Database))
        {
            foreach (var (name, limit) in names.Select((name, index) => (name, index + 1)))
                Assert.That(
                    await silo.Channel(name).UpdateSettings(Settings with { MaxParticipants = limit }), Is.EqualTo(VoiceError.None));
        }

        await using var again = await SiloInProcess.Start(_folder.Database);
        var limits = await Task.WhenAll(names.Select(async name => (await again.Channel(name).GetSnapshot()).Settings.MaxParticipants));
        Assert.That(limits, Is.EqualTo(new int?[] { 1, 2, 3, 4, 5 }));
    }

    [Test]
    public async Task Session_not_resumed_after_a_restart_ends_as_timed_out()
    {
        await using (var silo = await SiloInProcess.Start(_folder.Database))
            await silo.Join("lobby", "ada", new RecordingGateway("g1"));

        await using var again = await SiloInProcess.Start(_folder.Database, ("Hype:Channels:ResumeWindow", "00:00:00.1"));
        var gateway = new RecordingGateway("g2");
        await again.Join("lobby", "bob", gateway);
        await gateway.Receives<RosterChanged>(change => change.Left.Any(left => left.Reason == LeaveReason.TimedOut));
    }

    [Test]
    public async Task Acknowledged_changes_survive_kill_9_and_the_database_is_intact()
    {
        var port = FreePorts.Find(1)[0];
        using var child = await StartSiloProcess(port);
        using (var client = await Connect(port))
        {
            var channel = client.Services.GetRequiredService<IGrainFactory>().GetGrain<IChannelGrain>("lobby");
            Assert.That(await channel.UpdateSettings(Settings), Is.EqualTo(VoiceError.None));
            Assert.That(await channel.SetBan(Ban), Is.EqualTo(ModerationResult.Stored));
            // Starts further writes, so that the kill interrupts some of them.
            for (var index = 0; index < 50; index++)
                _ = client.Services.GetRequiredService<IGrainFactory>().GetGrain<IChannelGrain>($"busy-{index}").SetBan(Ban);
            child.Kill();
            await child.WaitForExitAsync();
        }

        Assert.That(IntegrityCheck(), Is.EqualTo("ok"));
        await using var silo = await SiloInProcess.Start(_folder.Database);
        await ExpectStored(silo.Channel("lobby"));
    }

    [Test]
    public async Task Write_with_an_outdated_version_does_not_change_the_row()
    {
        await using (var silo = await SiloInProcess.Start(_folder.Database))
            await silo.Channel("lobby").UpdateSettings(Settings);

        using var connection = new SqliteConnection($"Data Source={_folder.Database}");
        connection.Open();
        var before = Rows(connection);
        Assert.That(Write(connection, version: before.Version + 7), Is.Null, "a write with a wrong version took effect");
        Assert.That(Write(connection, version: null), Is.Null, "a first write took effect on an existing row");
        Assert.That(Rows(connection), Is.EqualTo(before));
        Assert.That(Write(connection, version: before.Version), Is.EqualTo(before.Version + 1));
    }

    private static int ChannelCheckpointReserve() => Hype.Grains.Channels.ChannelCheckpoint.EpochReserve;

    private static async Task ExpectStored(IChannelGrain channel)
    {
        Assert.That((await channel.GetSnapshot()).Settings, Is.EqualTo(Settings));
        Assert.That(await channel.GetBans(), Is.EqualTo(new[] { Ban }));
    }

    private string? IntegrityCheck()
    {
        using var connection = new SqliteConnection($"Data Source={_folder.Database}");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "PRAGMA integrity_check";
        return command.ExecuteScalar() as string;
    }

    private static (long Version, string Key) Rows(SqliteConnection connection)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT Version, GrainIdExtensionString FROM OrleansStorage";
        using var reader = command.ExecuteReader();
        Assert.That(reader.Read());
        return (reader.GetInt64(0), reader.GetString(1));
    }

    /// <summary>
    /// Writes the only row with the provider's own statement, and returns the row's new version; null if <paramref name="version"/> is not
    /// its current one.
    /// </summary>
    private static long? Write(SqliteConnection connection, long? version)
    {
        using var query = connection.CreateCommand();
        query.CommandText = "SELECT QueryText FROM OrleansQuery WHERE QueryKey = 'WriteToStorageKey'";
        var text = (string)query.ExecuteScalar()!;
        using var command = connection.CreateCommand();
        command.CommandText = text;
        using var existing = connection.CreateCommand();
        existing.CommandText = "SELECT ServiceId, GrainTypeString, GrainIdN0, GrainIdN1, GrainIdExtensionString FROM OrleansStorage";
        using (var reader = existing.ExecuteReader())
        {
            Assert.That(reader.Read());
            for (var column = 0; column < reader.FieldCount; column++)
                command.Parameters.AddWithValue($"@{reader.GetName(column)}", reader.GetValue(column));
        }

        command.Parameters.AddWithValue("@PayloadBinary", new byte[] { 1 });
        command.Parameters.AddWithValue("@GrainStateVersion", (object?)version ?? DBNull.Value);
        return command.ExecuteScalar() as long?;
    }

    private async Task<Process> StartSiloProcess(int clientPort)
    {
        var start = new ProcessStartInfo("dotnet", [typeof(SiloOptions).Assembly.Location])
        {
            RedirectStandardOutput = true,
            WorkingDirectory = _folder.Path,
        };
        start.Environment["Hype__Storage__Path"] = _folder.Database;
        start.Environment["Hype__Silo__Url"] = "http://127.0.0.1:0";
        start.Environment["Hype__Silo__GatewayPort"] = clientPort.ToString();
        var process = new Process { StartInfo = start };
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        process.OutputDataReceived += (_, line) =>
        {
            if (line.Data?.Contains("Application started", StringComparison.Ordinal) == true)
                started.TrySetResult();
            if (line.Data is null)
                started.TrySetException(new InvalidOperationException("The silo ended before it had started."));
        };
        process.Start();
        process.BeginOutputReadLine();
        await started.Task.WaitAsync(TimeSpan.FromSeconds(60));
        return process;
    }

    private static async Task<IHost> Connect(int port)
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders();
        builder.UseOrleansClient(client => client.UseLocalhostClustering(port, serviceId: "hype", clusterId: "hype"));
        var host = builder.Build();
        await host.StartAsync();
        return host;
    }
}
