using Hype.Gateway.Control.Models;

namespace Hype.Contracts.Tests.Web;

/// <summary>Tests that the admin page's types of REST answers match the gateway's records, for the fields that the page reads.</summary>
public sealed class RestTypesTests
{
    private static readonly TypeScriptFile Types = new("Gateway/wwwroot/admin/api/rest.d.ts");

    private static IEnumerable<string> Interfaces => Types.Interfaces;

    [TestCaseSource(nameof(Interfaces))]
    public void REST_type_of_the_admin_page_has_only_fields_of_the_gateways_record(string name)
    {
        var record = typeof(ApiJsonContext).Assembly.GetTypes().Single(type => type.Name == name);
        var properties = ApiJsonContext.Default.GetTypeInfo(record)!.Properties.ToDictionary(property => property.Name);
        var fields = Types.Fields(name);
        Assert.That(fields.Keys, Is.SubsetOf(properties.Keys));
        Assert.Multiple(() =>
        {
            foreach (var (field, declared) in fields)
            {
                var property = properties[field];
                Assert.That(
                    JsonShape.Fits(property.PropertyType, declared.Type), Is.True,
                    $"{field}: {declared.Type} for {property.PropertyType}");
                Assert.That(declared.Type.Contains("null"), Is.EqualTo(property.IsGetNullable), $"{field} is nullable");
            }
        });
    }
}
