using System.CommandLine;
using Hype.Cli.Display;
using Hype.Gateway.Control.Models;

namespace Hype.Cli.Commands;

/// <summary>The commands about the whole deployment: status and regions.</summary>
internal static class StatusCommands
{
    public static void AddTo(Command root, Shell shell)
    {
        root.Add(shell.Asks(
            new Command("status", "Shows the deployment: version, nodes by region, channels, participants"),
            (_, conversation, stop) => conversation.ShowAsync<HealthDetails>("health", Tables.Status, stop)));
        root.Add(shell.Asks(
            new Command("regions", "Lists the regions with the addresses of their gateways"),
            (_, conversation, stop) => conversation.ShowAsync<RegionGateway[]>("regions", Tables.Regions, stop)));
    }
}
