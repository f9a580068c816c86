using Hype.Silo.Clustering;
using Hype.Silo.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Orleans.Configuration;

namespace Hype.Silo.Tests.Clustering;

public sealed class FailureDetectionTests
{
    [TestCase("00:00:00.2")]
    [TestCase("00:00:00.75")]
    [TestCase("00:00:01.5", Description = "deploy/k8s/overlays/three-regions")]
    [TestCase("00:00:30")]
    public async Task Directory_holds_the_grains_of_a_dead_silo_for_half_a_probe_interval(string probe)
    {
        await using var app = BuildSilo(probe);
        var membership = app.Services.GetRequiredService<IOptions<ClusterMembershipOptions>>().Value;
        var directory = app.Services.GetRequiredService<IOptions<GrainDirectoryOptions>>().Value;
        // Orleans' own formula, which is internal.
        var hold = directory.RangeLeaseDuration - (membership.MaxProbeTimeout * membership.NumMissedProbesLimit);
        Assert.That(hold, Is.EqualTo(TimeSpan.Parse(probe) / 2));
    }

    [Test]
    public async Task Vanished_host_is_declared_dead_before_calls_to_its_grains_fail()
    {
        await using var app = BuildSilo("00:00:01.5");
        var membership = app.Services.GetRequiredService<IOptions<ClusterMembershipOptions>>().Value;
        var silence = membership.MaxProbeTimeout * (membership.NumMissedProbesLimit + 1);
        Assert.That(silence, Is.LessThanOrEqualTo(TimeSpan.FromSeconds(8)), "the silence and the probe that ends it");
    }

    [Test]
    public async Task Silo_with_a_zero_directory_lease_does_not_start_and_names_the_setting()
    {
        await using var app = BuildSilo(
            "00:00:00.75", services => services.Configure<GrainDirectoryOptions>(options => options.RangeLeaseDuration = TimeSpan.Zero));
        Assert.That(
            () => Validate(app),
            Throws.TypeOf<OrleansConfigurationException>().With.Message.Contains("Hype:Cluster:ProbeTimeout").And.Message.Contains(
                "RangeLeaseDuration"));
    }

    [Test]
    public async Task Silo_with_its_own_times_passes_the_check_of_its_start()
    {
        var isChecked = false;
        await using var app = BuildSilo(
            "00:00:00.75",
            services => isChecked = services.Any(service => service.ImplementationType == typeof(DirectoryLeaseValidator)));
        Assert.That(isChecked);
        Assert.That(() => Validate(app), Throws.Nothing);
    }

    private static void Validate(WebApplication app) =>
        ActivatorUtilities.CreateInstance<DirectoryLeaseValidator>(app.Services).ValidateConfiguration();

    private static WebApplication BuildSilo(string probe, Action<IServiceCollection>? configure = null)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Hype:Cluster:Provider"] = "Redis",
            ["Hype:Cluster:Redis"] = "localhost:6379",
            ["Hype:Cluster:ProbeTimeout"] = probe,
        });
        builder.WebHost.UseKestrelCore();
        builder.AddHypeSilo();
        configure?.Invoke(builder.Services);
        return builder.Build();
    }
}
